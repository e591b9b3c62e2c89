import { StudioError, toErrorInfo } from '#shared/errors';
import type { LogLine } from '#shared/contract/runs';
import { evolve } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import { hasErrors } from '#shared/workflow/check';
import type { Problem } from '#shared/workflow/workflow';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { problemSentence } from '../../executor/prepare.ts';
import { builtInNodes } from '../../nodes/registry.ts';
import { createStudio } from '../../studio.ts';
import type { Studio } from '../../studio-types.ts';
import { withTexts } from './check-file.ts';
import { createLiveLine } from './live-line.ts';
import { CANCELLED, DONE, FAILED, INVALID, printJson } from './output.ts';
import { readWorkflowFile } from './read-file.ts';
import { printFailure, printRun, runJson } from './run-report.ts';
import { VERSION } from '../../version.ts';

export interface RunOptions {
  readonly dataDir: string;
  readonly json: boolean;
  readonly spawn: SpawnWorker;
}

const EXIT = { completed: DONE, failed: FAILED, cancelled: CANCELLED, interrupted: FAILED, paused: FAILED, queued: FAILED, running: FAILED } as const;

/** Runs a workflow's file to its end and prints what came of it. SIGINT and SIGTERM cancel it; a second one leaves at once. */
export async function run(path: string, options: RunOptions): Promise<number> {
  try {
    const read = readWorkflowFile(path, builtInNodes);
    const { workflow, file, folder } = read;
    if (!options.json) for (const problem of read.problems.filter((one) => one.severity === 'warning')) process.stderr.write(`warning: ${problemSentence(problem)}\n`);
    // With the SQL in it, so that everything is told at once; a workflow without a problem so far is asked about by its run.
    if (workflow === null || hasErrors(read.problems)) return refuse(file, await withTexts(read, options.spawn), options.json);
    const studio = await openStudio(options);
    try {
      const id = await studio.executor.start({ workflow, file, folder, trigger: { kind: 'cli' }, scope: { kind: 'all' } }).catch(async (error: unknown) => {
        if (toErrorInfo(error).code !== 'invalid_workflow') throw error;
        return studio.executor.check({ workflow, folder }, read.problems);
      });
      if (typeof id !== 'string') return refuse(file, id, options.json);
      const drop = onSignals((signal) => void studio.executor.cancel(id, signal).catch(() => undefined));
      const state = await follow(studio, id, options.json);
      drop();
      return EXIT[state.status];
    } finally {
      await studio.close();
    }
  } catch (error) {
    if (options.json) {
      const info = toErrorInfo(error);
      printJson({ runId: null, status: info.code === 'invalid_input' || info.code === 'invalid_workflow' ? 'invalid' : 'failed', durationMs: 0, nodes: [], console: [], error: info });
    }
    throw error;
  }
}

function refuse(file: string, problems: readonly Problem[], json: boolean): number {
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (json) printJson({ runId: null, status: 'invalid', durationMs: 0, nodes: [], console: [], problems });
  process.stderr.write(`millrace: ${file} can't be run: ${errors.length === 1 ? 'it has a problem.' : `it has ${errors.length} problems.`}\n`);
  for (const problem of errors) process.stderr.write(`  - ${problemSentence(problem)}\n`);
  return INVALID;
}

/** One worker is enough for one run. Another Millrace on the same data folder is waited for a little: it may be a short run too. */
async function openStudio({ dataDir, spawn }: RunOptions): Promise<Studio> {
  const giveUpAt = Date.now() + 10_000;
  for (let told = false; ; told = true) {
    try {
      return await createStudio({ dataDir, host: 'cli', version: VERSION, spawn, warm: 1 });
    } catch (error) {
      if (toErrorInfo(error).code !== 'conflict' || Date.now() > giveUpAt) throw error;
      if (!told) process.stderr.write('Waiting for another Millrace that uses this data folder…\n');
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  }
}

/** Prints what comes, as it comes, and the result as soon as it stands; returns once the samples are in too. */
async function follow(studio: Studio, id: Run['id'], json: boolean): Promise<Run> {
  const live = createLiveLine(!json && process.stderr.isTTY);
  const lines: LogLine[] = [];
  let state: Run | null = null;
  for await (const update of studio.executor.watch(id)) {
    if (update.kind === 'progress') live.show(update);
    if (update.kind === 'console') {
      lines.push(...update.lines);
      if (!json) live.above(update.lines);
    }
    if (update.kind !== 'event') continue;
    state = evolve(state, update.event);
    if (state === null || !isTerminal(state.status)) continue;
    live.end();
    if (json) {
      printJson(runJson(state, lines));
      printFailure(state);
    } else printRun(state, new Set(lines.map((line) => line.text)));
  }
  live.end();
  if (state === null) throw new StudioError('internal', 'The run left no events.', { place: id });
  return state;
}

/** One Ctrl+C may come twice, from the terminal and from npm: within this time, in milliseconds, it is the same. */
const SAME_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function onSignals(cancel: (signal: string) => void): () => void {
  let askedAt: number | null = null;
  const heard = (signal: NodeJS.Signals): void => {
    if (askedAt !== null && performance.now() - askedAt > SAME_MS) process.exit(CANCELLED);
    if (askedAt !== null) return;
    askedAt = performance.now();
    cancel(signal);
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return () => {
    for (const signal of SIGNALS) process.off(signal, heard);
  };
}
