import type { StudioEvent } from '#shared/events';
import type { Run } from '#shared/run/run';
import { workflowOf } from './run-workflow.ts';

/** Rows that reached the sinks; a run's size in one number. */
export function rowsWritten(run: Run): number {
  const sinks = new Set<string>((workflowOf(run)?.nodes ?? []).filter((node) => node.type === 'sink').map((node) => node.id));
  return Object.values(run.nodes).reduce((sum, node) => sum + (sinks.has(node.id) ? node.rowsIn : 0), 0);
}

/** The node that an event is about; null for events about the run. */
export const nodeOf = (event: StudioEvent): string | null => ('node' in event.data && typeof event.data.node === 'string' ? event.data.node : null);
