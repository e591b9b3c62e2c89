import type { RunScope, Trigger } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Sample } from '#shared/data';
import type { RunUpdate } from '#shared/contract/runs';
import type { Workflow } from '#shared/workflow/workflow';

/** What the executor promises to the api and the command line. */
export interface Executor {
  /** Writes WorkflowRequested (durable when this returns) and queues the run. `file` is where the workflow was read from. */
  start(request: { readonly workflow: Workflow; readonly file: string | null; readonly folder: string; readonly trigger: Trigger; readonly scope: RunScope }): Promise<RunId>;
  cancel(run: RunId, by: string): Promise<void>;
  /** Everything since the run was asked for, then what comes, until it has ended and its samples are in. */
  watch(run: RunId, signal?: AbortSignal): AsyncIterable<RunUpdate>;
  sample(run: RunId, node: string, port: string): Promise<Sample | null>;
  close(): Promise<void>;
}
