import { NOTICE_SWITCHES } from './notices.ts';
import type { Notice, NoticeKind } from './notices.ts';

/** What comes within so many ms is told together. */
export const GATHER_MS = 800;
/** A kind is told of no more often than this, and of one workflow no more often than that. */
export const KIND_MS = 10_000;
export const WORKFLOW_MS = 60_000;

interface Held {
  readonly notice: Notice;
  readonly since: number;
}

/** Notices that wait to be told, oldest first, and when each kind, and each kind of a workflow, was told of last. Times in ms. */
export interface NoticeQueue {
  readonly held: readonly Held[];
  readonly toldAt: ReadonlyMap<string, number>;
}

export const emptyQueue: NoticeQueue = { held: [], toldAt: new Map() };

const keyOf = ({ kind, workflowId }: Notice): string => `${kind} ${workflowId}`;
const after = (at: number | undefined, ms: number): number => (at === undefined ? -Infinity : at + ms);
const quietUntil = ({ toldAt }: NoticeQueue, notice: Notice): number => Math.max(after(toldAt.get(notice.kind), KIND_MS), after(toldAt.get(keyOf(notice)), WORKFLOW_MS));
const dueAt = (queue: NoticeQueue, { notice, since }: Held): number => Math.max(since + GATHER_MS, quietUntil(queue, notice));

export const hold = (queue: NoticeQueue, notice: Notice, now: number): NoticeQueue => ({ ...queue, held: [...queue.held, { notice, since: now }] });

/** When the next one is to be told; null while none waits. */
export const nextDue = (queue: NoticeQueue): number | null => (queue.held.length === 0 ? null : queue.held.reduce((soonest, one) => Math.min(soonest, dueAt(queue, one)), Infinity));

/** Takes out what is to be told now: one group a kind, with all of that kind that may be told. */
export function takeDue(queue: NoticeQueue, now: number): { readonly queue: NoticeQueue; readonly groups: readonly (readonly Notice[])[] } {
  const kinds = new Set<NoticeKind>(queue.held.filter((one) => dueAt(queue, one) <= now).map(({ notice }) => notice.kind));
  const goes = ({ notice }: Held): boolean => kinds.has(notice.kind) && quietUntil(queue, notice) <= now;
  const taken = queue.held.filter(goes).map(({ notice }) => notice);
  const toldAt = new Map([...queue.toldAt].filter(([, at]) => at + WORKFLOW_MS > now));
  for (const notice of taken) toldAt.set(notice.kind, now).set(keyOf(notice), now);
  const groups = (Object.keys(NOTICE_SWITCHES) as NoticeKind[]).map((kind) => taken.filter((notice) => notice.kind === kind));
  return { queue: { held: queue.held.filter((one) => !goes(one)), toldAt }, groups: groups.filter((group) => group.length > 0) };
}
