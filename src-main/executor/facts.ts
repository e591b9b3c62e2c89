import type { ErrorInfo } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { NodeRun, Run } from '#shared/run/run';
import type { Instant } from '../engine/record.ts';
import type { FromWorker } from '../dataplane/protocol.ts';

export type Stamp = () => { readonly at: number; readonly id: string };
export const stampOf =
  (instant: () => Instant): Stamp =>
  () => {
    const now = instant();
    return { at: now.at, id: now.id() };
  };

/** The nodes that are running now: those of the one segment that goes. */
export const running = (run: Run): readonly NodeRun[] => Object.values(run.nodes).filter((node) => node.status === 'running');
export const attemptOf = (node: NodeRun): number => node.attempts.at(-1)?.attempt ?? 1;

/**
 * A segment that is done, as events: what its nodes (`open`) had intended outside has happened then. A node the worker gave no counts of
 * is its mistake, told as a failure and not as zeros.
 */
export function doneFacts(open: readonly NodeRun[], message: FromWorker & { kind: 'done' }, stamp: Stamp): readonly NewEvent[] {
  const results = new Map(message.nodes.map((result) => [result.node, result]));
  const missing = open.find((node) => !results.has(node.id));
  if (missing !== undefined) return failedFacts(open, missing.id, 0, { code: 'internal', message: `The worker gave no counts of node "${missing.id}".`, place: missing.id }, stamp);
  return open.flatMap((node): NewEvent[] => {
    const result = results.get(node.id);
    if (result === undefined) return [];
    const attempt = attemptOf(node);
    const { rowsIn, rowsOut, durationMs, report, key, afterwards } = result;
    return [
      ...message.outputs
        .filter((output) => output.node === node.id)
        .map(({ port, path, rows, bytes, hash, mark }): NewEvent => ({ type: 'NodeOutputCommitted', data: { node: node.id, attempt, port: port ?? null, path, rows, bytes, hash: hash ?? null, ...(mark === undefined ? {} : { mark }) }, ...stamp() })),
      ...node.effects.filter((one) => one.state === 'intended').map((one): NewEvent => ({ type: 'NodeEffectConfirmed', data: { node: node.id, effect: one.effect }, ...stamp() })),
      { type: 'NodeExecutionCompleted', data: { node: node.id, attempt, rowsIn, rowsOut, durationMs, report, key: key ?? null, ...(afterwards === undefined ? {} : { afterwards }) }, ...stamp() },
    ];
  });
}

/** A segment that failed at `culprit`: its neighbours were one query with it. A culprit that isn't running is taken for the last that is. */
export function failedFacts(open: readonly NodeRun[], culprit: NodeId, durationMs: number, error: ErrorInfo, stamp: Stamp): readonly NewEvent[] {
  const node = open.find((one) => one.id === culprit) ?? open.at(-1);
  return open.map(
    (one): NewEvent =>
      one === node
        ? { type: 'NodeExecutionFailed', data: { node: one.id, attempt: attemptOf(one), durationMs, error }, ...stamp() }
        : { type: 'NodeExecutionSkipped', data: { node: one.id, reason: { kind: 'segmentFailed', node: node?.id ?? culprit } }, ...stamp() },
  );
}

/** What was running was told to stop, and has. */
export const stoppedFacts = (open: readonly NodeRun[], stamp: Stamp): readonly NewEvent[] =>
  open.map((node) => ({ type: 'NodeExecutionSkipped', data: { node: node.id, reason: { kind: 'cancelled' } }, ...stamp() }));

/** The process that held them is gone. */
export const lostFacts = (open: readonly NodeRun[], reason: string, stamp: Stamp): readonly NewEvent[] =>
  open.map((node) => ({ type: 'NodeAttemptLost', data: { node: node.id, attempt: attemptOf(node), reason }, ...stamp() }));

/** Those of `nodes` that these facts say nothing about. */
export function untold(nodes: readonly NodeRun[], facts: readonly NewEvent[]): readonly NodeRun[] {
  const told = new Set(facts.flatMap((event) => ('node' in event.data && event.data.node !== null ? [event.data.node] : [])));
  return nodes.filter((node) => !told.has(node.id));
}
