import type { RunId, WorkflowId } from '#shared/ids';
import type { Workflow } from '#shared/workflow/workflow';
import { go, routeNow, useRoute } from '../app/router.ts';
import type { Route } from '../app/router.ts';
import { client } from '../client/client.ts';
import { toastError } from '../ui/toast.tsx';

/** A run from whose event `version` on the open workflow is to run, with what had been given by then. */
export interface Fork {
  readonly run: string;
  readonly version: number;
}

const forkIn = (route: Route, workflowId: string): Fork | null => (route.place === 'edit' && route.workflowId === workflowId ? (route.fork ?? null) : null);

/** The fork that an editor is for, if it is for one. It stands in the address: it outlives a reload and ends with leaving. */
export const useFork = (workflowId: string): Fork | null => forkIn(useRoute(), workflowId);
/** The same outside of components. */
export const forkNow = (workflowId: string): Fork | null => forkIn(routeNow(), workflowId);

/** Opens the editor to fork a run from an event on. `workflow`: as it ran; where the library no longer has it, it is imported, never over another. */
export async function startFork({ workflowId, run, version, workflow }: { readonly workflowId: WorkflowId; readonly run: RunId; readonly version: number; readonly workflow: Workflow }): Promise<void> {
  try {
    const there = (await client.workflows.list()).some((entry) => entry.id === workflowId && entry.problem === null);
    const id = there ? workflowId : (await client.workflows.import({ text: JSON.stringify(workflow), name: `${workflow.name}.json` })).id;
    go({ place: 'edit', workflowId: id, fork: { run, version } });
  } catch (thrown) {
    toastError(thrown);
  }
}

/** Goes on editing without the fork. */
export const leaveFork = (workflowId: string): void => go({ place: 'edit', workflowId });
