import { errorSentence, StudioError, toErrorInfo } from '#shared/errors';
import type { PauseAnswer } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { Studio } from '../../studio-types.ts';
import { runIn } from './find-run.ts';
import { EXIT, follow, printResult, watchToEnd } from './follow.ts';
import { reading } from './open-journal.ts';
import { openStudio } from './open-studio.ts';
import type { StudioPlace } from './open-studio.ts';
import { DONE, FAILED, printJson } from './output.ts';
import { printQuestion } from './question.ts';
import { runJson } from './run-report.ts';
import { onSignals } from './signals.ts';

interface Options extends StudioPlace {
  readonly json: boolean;
}

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const named = ({ id, workflowName }: Pick<Run, 'id' | 'workflowName'>): string => `run ${id} (${workflowName})`;

/** The runs that an earlier process left unfinished: to be asked before the studio opens, which ends some of them. */
export function leftUnfinished(dataDir: string): Promise<readonly RunId[]> {
  // What is wrong with the journal is told by the studio that opens it; that there is none yet is nothing wrong.
  return reading(dataDir, (journal) => journal.unfinished()).catch(() => []);
}

/** Waits for the runs that an earlier process left unfinished, which go on beside another one; says so, and how they ended, on standard error. */
export async function resumeOthers(studio: Studio, left: readonly RunId[]): Promise<void> {
  await Promise.all(
    known(studio, left).map(async (before) => {
      if (before.status === 'paused') return printQuestion(before);
      if (!isTerminal(before.status)) say(`Going on with ${named(before)}, which was left unfinished.`);
      const { state } = await watchToEnd(studio, before.id);
      say(`${named(state)}: ${state.status}${state.error === null ? '' : `. ${state.error.message}`}`);
      printQuestion(state);
    }),
  );
}

/** As they are now: some have ended already, because their workflows want no going on. One whose events are damaged is told of, and keeps no other from going on. */
const known = (studio: Studio, runs: readonly RunId[]): readonly Run[] =>
  runs.flatMap((id) => {
    try {
      return studio.journal.run(id) ?? [];
    } catch (error) {
      say(`Nobody can go on with run ${id}: ${errorSentence(toErrorInfo(error))}`);
      return [];
    }
  });

/** Goes on with one unfinished run, or with all of them, and waits for their ends. */
export async function resume(run: string | undefined, options: Options): Promise<number> {
  if (run !== undefined) return resumeOne(await unfinishedRun(options.dataDir, run), options);
  const left = await leftUnfinished(options.dataDir);
  const studio = await openStudio(options, true);
  try {
    const found = known(studio, left);
    const drop = onSignals((signal) => found.forEach(({ id }) => void studio.executor.cancel(id, signal).catch(() => undefined)));
    const ended = await Promise.all(
      found.map(async ({ id }) => {
        const followed = await watchToEnd(studio, id);
        if (!options.json) printResult(followed.state, followed.lines, false);
        return followed;
      }),
    );
    drop();
    if (options.json) printJson({ runs: ended.map(({ state, lines }) => runJson(state, lines)) });
    else if (left.length === 0) process.stdout.write('No run was left unfinished.\n');
    return Math.max(found.length < left.length ? FAILED : DONE, ...ended.map(({ state }) => EXIT[state.status]));
  } finally {
    await studio.close();
  }
}

async function resumeOne(id: RunId, options: Options): Promise<number> {
  const studio = await openStudio(options, false);
  try {
    return await toItsEnd(studio, id, options.json);
  } finally {
    await studio.close();
  }
}

async function toItsEnd(studio: Studio, id: RunId, json: boolean): Promise<number> {
  const drop = onSignals((signal) => void studio.executor.cancel(id, signal).catch(() => undefined));
  try {
    return EXIT[(await follow(studio, id, json)).status];
  } finally {
    drop();
  }
}

/** Answers a paused run's question, then waits for its end. */
export async function answer(run: string, said: PauseAnswer, options: Options): Promise<number> {
  const id = await unfinishedRun(options.dataDir, run);
  const studio = await openStudio(options, false);
  try {
    await studio.executor.answer(id, said, 'cli');
    return await toItsEnd(studio, id, options.json);
  } finally {
    await studio.close();
  }
}

/** Throws conflict for a run that has ended. */
function unfinishedRun(dataDir: string, text: string): Promise<RunId> {
  return reading(dataDir, (journal) => {
    const run = runIn(journal, text);
    if (isTerminal(run.status)) throw new StudioError('conflict', `The run has ended: it ${run.status === 'failed' ? 'failed' : `was ${run.status}`}.`, { place: run.id, remedy: `Run it again with \`millrace rerun ${run.id}\`.` });
    return run.id;
  });
}
