import { StudioError, toErrorInfo } from '#shared/errors';
import type { RunId } from '#shared/ids';
import { hasErrors, stopsRuns } from '#shared/workflow/check';
import { checkConnections } from '#shared/workflow/check-connections';
import { specTable } from '#shared/workflow/graph';
import type { Problem } from '#shared/workflow/workflow';
import { problemSentence } from '../../executor/prepare.ts';
import { builtInNodes } from '../../nodes/registry.ts';
import type { RunRequest, Studio } from '../../studio-types.ts';
import { withTexts } from './check-file.ts';
import { EXIT, follow } from './follow.ts';
import { openStudio } from './open-studio.ts';
import type { StudioPlace } from './open-studio.ts';
import { INVALID, printAside, printJson } from './output.ts';
import { readWorkflowFile } from './read-file.ts';
import type { WorkflowFile } from './read-file.ts';
import { leftUnfinished, resumeOthers } from './resume.ts';
import { onSignals, orSignal } from './signals.ts';

export interface RunOptions extends StudioPlace {
  readonly json: boolean;
  /** Do the runs that an earlier process left unfinished go on beside it? */
  readonly resume: boolean;
}

/** Each look takes two seconds at most. */
const MOST_LOOKS = 15;

type Request = Pick<RunRequest, 'workflow' | 'file' | 'folder'>;

/** Runs a workflow's file to its end and prints what came of it. SIGINT and SIGTERM cancel it; a second one leaves at once. */
export function run(path: string, options: RunOptions): Promise<number> {
  return answeringJson(options.json, async () => {
    const read = readWorkflowFile(path, builtInNodes);
    if (!options.json) warn(read);
    const { workflow, file, folder, problems } = read;
    // With the SQL in it, so that everything is told at once; a workflow without a problem so far is asked about by its run.
    if (workflow === null || hasErrors(problems)) return refuse(file, await withTexts(read, options.spawn), options.json);
    const left = options.resume ? await leftUnfinished(options.dataDir) : [];
    const studio = await openStudio(options, options.resume);
    try {
      const others = resumeOthers(studio, left);
      // Who waits for them hears of it below; where nobody does, their studio is closing.
      others.catch(() => undefined);
      const leaving = Promise.withResolvers<void>();
      const code = await startAndFollow(studio, { workflow, file, folder, trigger: { kind: 'cli' }, scope: { kind: 'all' } }, problems, options.json, () => leaving.resolve());
      // Who presses Ctrl+C wants to go; the others go on at the next start.
      await orSignal(Promise.race([others, leaving.promise]));
      return code;
    } finally {
      await studio.close();
    }
  });
}

export function warn({ problems }: Pick<WorkflowFile, 'problems'>): void {
  for (const problem of problems.filter((one) => !stopsRuns(one))) printAside(`warning: ${problemSentence(problem)}\n`);
}

/** Starts a run and follows it to its end; a signal cancels it. What is wrong with its workflow is told problem by problem. */
export async function startAndFollow(studio: Studio, request: RunRequest, found: readonly Problem[], json: boolean, onSignal: () => void = () => undefined): Promise<number> {
  const id = await started(studio, request, found);
  if (typeof id !== 'string') return refuse(request.file ?? request.workflow.name, id, json);
  const drop = onSignals((signal) => {
    onSignal();
    studio.executor.cancel(id, signal).catch(() => undefined);
  });
  try {
    return EXIT[(await follow(studio, id, json)).status];
  } finally {
    drop();
  }
}

async function started(studio: Studio, request: RunRequest, found: readonly Problem[]): Promise<RunId | readonly Problem[]> {
  try {
    return await studio.executor.start(request);
  } catch (error) {
    if (toErrorInfo(error).code !== 'invalid_workflow') throw error;
    const problems = await problemsOf(studio, request, found);
    if (!hasErrors(problems)) throw error;
    return problems;
  }
}

/** Everything that is wrong with a refused workflow. The process that looks at its SQL has to start first: on a busy machine it is asked again. */
async function problemsOf(studio: Studio, request: RunRequest, found: readonly Problem[]): Promise<readonly Problem[]> {
  const { workflow } = request;
  const connections = checkConnections(workflow.nodes, specTable(studio.specs), await (await studio.connections()).all());
  const known = [...found, ...connections.map((one) => ({ ...one, severity: 'error' as const }))];
  for (let looks = 1; ; looks += 1) {
    const problems = await studio.executor.check(request satisfies Request, known);
    if (hasErrors(problems) || looks === MOST_LOOKS) return problems;
  }
}

/** Where `json` is asked for, one object is printed whatever happens. */
export async function answeringJson(json: boolean, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (json) {
      const info = toErrorInfo(error);
      printJson({ runId: null, status: info.code === 'invalid_input' || info.code === 'invalid_workflow' ? 'invalid' : 'failed', durationMs: 0, nodes: [], console: [], error: info });
    }
    throw error;
  }
}

/** Every problem that keeps a workflow from being run, on standard error, and with `json` all problems as one object. */
export function refuse(file: string, problems: readonly Problem[], json: boolean): number {
  const errors = problems.filter(stopsRuns);
  if (json) printJson({ runId: null, status: 'invalid', durationMs: 0, nodes: [], console: [], problems });
  printAside(`millrace: ${file} can't be run: ${errors.length === 1 ? 'it has a problem.' : `it has ${errors.length} problems.`}\n`);
  for (const problem of errors) printAside(`  - ${problemSentence(problem)}\n`);
  return INVALID;
}

/** The file of an edited workflow. Throws invalid_input where it is no workflow at all. */
export function readable({ workflow, problems, file }: WorkflowFile): NonNullable<WorkflowFile['workflow']> {
  if (workflow === null) throw new StudioError('invalid_workflow', 'This is not a workflow.', { place: file, detail: problems.map(problemSentence).join('\n') });
  return workflow;
}
