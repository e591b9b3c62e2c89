import type { NodeProgress } from '#shared/contract/runs';
import type { StudioEvent } from '#shared/events';
import type { Run } from '#shared/run/run';
import { workflowOf } from './run-workflow.ts';

/** What is known of a run only while it goes on. */
export interface LiveProgress {
  readonly nodes: ReadonlyMap<string, NodeProgress>;
  /** How far each segment is, 0 to 1, by its name. */
  readonly fractions: Readonly<Record<string, number>>;
}

/** Rows that reached the sinks: a run's size in one number. While a sink runs its share is an estimate. */
export function rowsWritten(run: Run, live: LiveProgress | null = null): { readonly rows: number; readonly estimated: boolean } {
  const sinks = (workflowOf(run)?.nodes ?? []).filter((node) => node.type === 'sink');
  let rows = 0;
  let estimated = false;
  for (const { id } of sinks) {
    const node = run.nodes[id];
    const progress = node?.status === 'running' ? live?.nodes.get(id) : undefined;
    rows += progress?.rowsIn ?? node?.rowsIn ?? 0;
    estimated ||= progress?.estimated === true;
  }
  return { rows, estimated };
}

/** How long a run was worked on: what it took, or what it has taken so far. The hours in which it stood still do not count. Null before it starts, and where the work before an interruption is not known. */
export function workedFor(run: Run, now: number): number | null {
  if (run.durationMs !== null) return run.durationMs;
  if (run.startedAt === null) return null;
  if (run.status === 'running') return run.workedMs + Math.max(0, now - (run.resumedAt ?? run.startedAt));
  return run.workedMs > 0 ? run.workedMs : null;
}

/** How far the query that runs now is, and the milliseconds it will still take at its present speed; null where nobody knows. */
export function segmentLeft(run: Run, live: LiveProgress, now: number): { readonly fraction: number; readonly leftMs: number } | null {
  const running = Object.values(run.nodes).find((node) => node.status === 'running' && node.segment !== null && live.fractions[node.segment] !== undefined);
  const fraction = running === undefined || running.segment === null ? undefined : live.fractions[running.segment];
  const start = running?.attempts.at(-1)?.startedAt;
  if (fraction === undefined || start === undefined || fraction < 0.02) return null;
  return { fraction, leftMs: Math.max(0, ((now - start) * (1 - fraction)) / fraction) };
}

/** The node that an event is about; null for events about the run. */
export const nodeOf = (event: StudioEvent): string | null => ('node' in event.data && typeof event.data.node === 'string' ? event.data.node : null);
