import { dirname } from 'node:path';
import { StudioError } from '#shared/errors';
import type { RunOrigin, RunScope } from '#shared/events';
import type { NodeId, RunId, WorkflowId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';
import type { RunRequest, Studio } from '../studio-types.ts';
import type { ApiContext } from './context.ts';

/** Throws not_found in words that say where runs are found. */
export function foundRun(studio: Pick<Studio, 'journal'>, id: RunId, at?: number): Run {
  const run = studio.journal.run(id, at);
  if (run === null) throw new StudioError('not_found', `There is no run "${id}" in the journal.`, { place: id, remedy: 'It may have been removed by retention: look for it in the list of runs.' });
  return run;
}

interface StartInput {
  readonly workflowId?: WorkflowId | undefined;
  readonly workflow?: Workflow | undefined;
  readonly scope: RunScope;
}

/** A draft runs as it is given; a saved workflow as its file stands now. */
export async function requestOf({ studio, trigger }: ApiContext, { workflowId, workflow, scope }: StartInput): Promise<RunRequest> {
  if (workflow !== undefined) return { workflow, ...(await studio.placeOf(workflowId ?? workflow.id)), trigger, scope };
  if (workflowId === undefined) throw new StudioError('invalid_input', 'A run needs a workflow.', { remedy: 'Give workflowId or workflow.' });
  const opened = await (await studio.library()).open(workflowId);
  return { workflow: opened.workflow, file: opened.path, folder: dirname(opened.path), trigger, scope };
}

type Asker = Pick<ApiContext, 'trigger'> & { readonly studio: Pick<Studio, 'journal' | 'settings'> };

/** A run again, of the workflow, file and folder as they were: it takes over what still stands, but for `from` and what follows it. */
export function rerunOf({ studio, trigger }: Asker, id: RunId, from: NodeId | undefined): RunRequest {
  const run = foundRun(studio, id);
  if (!isTerminal(run.status)) {
    throw new StudioError('conflict', `The run has not ended: it is ${run.status}.`, { place: id, remedy: run.status === 'paused' ? 'Answer its question, or cancel it.' : 'Wait for its end, or cancel it.' });
  }
  const workflow = Workflow.parse(run.workflow);
  if (from !== undefined && !workflow.nodes.some((node) => node.id === from)) {
    throw new StudioError('invalid_input', `The workflow of this run has no node "${from}".`, { place: id, remedy: `It has ${workflow.nodes.map((node) => `"${node.id}"`).slice(0, 20).join(', ')}.` });
  }
  return { ...again(studio, run, { kind: 'rerun', run: id, version: run.version, from: from ?? null }), workflow, trigger, scope: run.scope, priority: run.priority };
}

/** A run of another workflow that takes over what the run had given up to the event of `version`, where it would be the same. */
export function forkOf({ studio, trigger }: Asker, id: RunId, version: number, workflow: Workflow): RunRequest {
  const run = foundRun(studio, id);
  if (version > run.version) throw new StudioError('invalid_input', `The run has ${run.version} events, so it can't be forked at event ${version}.`, { place: id, remedy: `Give a number from 1 to ${run.version}.` });
  return { ...again(studio, run, { kind: 'fork', run: id, version, from: null }), workflow, trigger, scope: { kind: 'all' } };
}

const again = ({ settings }: Asker['studio'], run: Run, origin: RunOrigin): Pick<RunRequest, 'file' | 'folder' | 'origin'> => ({ file: run.file, folder: run.folder ?? settings.get().folder, origin });
