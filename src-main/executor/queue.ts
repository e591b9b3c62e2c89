import { createRing } from './ring.ts';
import type { Link, Ring } from './ring.ts';

/**
 * What waits. `limit`: runs of its workflow at once, null for no limit of its own. The queue reads these when the item is pushed, so
 * they must not change while it waits.
 */
export interface Waiting {
  readonly workflowId: string;
  /** Higher comes first. */
  readonly priority: number;
  readonly limit: number | null;
}

/**
 * Runs that wait for a worker: by priority, then turns go round the workflows, oldest first within each, so that one with a thousand
 * runs does not starve the rest. Nothing that a limit holds back comes out; it holds back nobody else.
 *
 * How to use it: every run is pushed, also where a worker is free. `pump` is then
 * `while (queue.ready) { const lease = pool.take(); if (lease === null) return; queue.next()?.begin(lease); }`
 * A run that `next` gave has a place until `done(run)`: call it when the run gives its worker back, however that came about (ended,
 * paused, interrupted, could not begin), then pump. `done` of a run that has no place does nothing. A run that goes on later is pushed again.
 */
export interface Queue<T extends Waiting> {
  push(item: T): void;
  /** The next that may run now: it has its place when this returns. */
  next(): T | undefined;
  /** Would `next` give one? */
  readonly ready: boolean;
  /** Frees the place of one that `next` gave. */
  done(item: T): void;
  /** Takes out one that waits; false where it does not. */
  remove(item: T): boolean;
  has(item: T): boolean;
  /** How many wait. */
  readonly size: number;
}

/** The runs of one workflow and priority, oldest first; `turn` is its place among the others of its priority, null while its first may not run. */
interface Line<T> {
  readonly workflowId: string;
  readonly priority: number;
  readonly items: Ring<T>;
  turn: Link<Line<T>> | null;
}

/** `limit`: of all runs at once; asked each time, because it is a setting. */
export function createQueue<T extends Waiting>(limit: () => number = () => Number.POSITIVE_INFINITY): Queue<T> {
  const waiting = new Map<T, { readonly line: Line<T>; readonly link: Link<T> }>();
  const lines = new Map<string, Map<number, Line<T>>>();
  const turns = new Map<number, Ring<Line<T>>>();
  /** Priorities of which a line has its turn, highest first. */
  let order: readonly number[] = [];
  const placed = new Map<T, string>();
  const going = new Map<string, number>();

  const beginTurn = (line: Line<T>): void => {
    const ring = turns.get(line.priority) ?? createRing<Line<T>>();
    line.turn = ring.push(line);
    if (ring.size > 1) return;
    turns.set(line.priority, ring);
    order = [...order, line.priority].toSorted((a, b) => b - a);
  };
  const endTurn = (line: Line<T>): void => {
    const ring = turns.get(line.priority);
    if (line.turn === null || ring === undefined) return;
    ring.drop(line.turn);
    line.turn = null;
    if (ring.size > 0) return;
    turns.delete(line.priority);
    order = order.filter((one) => one !== line.priority);
  };

  /** A line has its turn, at the back, as long as its first item may run. */
  const settle = (line: Line<T>): void => {
    const head = line.items.first;
    const may = head !== undefined && (head.limit === null || (going.get(line.workflowId) ?? 0) < head.limit);
    if (!may) endTurn(line);
    else if (line.turn === null) beginTurn(line);
  };
  const settleAll = (workflowId: string): void => {
    for (const line of lines.get(workflowId)?.values() ?? []) settle(line);
  };

  const lineOf = ({ workflowId, priority }: T): Line<T> => {
    const ofWorkflow = lines.get(workflowId) ?? new Map<number, Line<T>>();
    lines.set(workflowId, ofWorkflow);
    const line = ofWorkflow.get(priority) ?? { workflowId, priority, items: createRing<T>(), turn: null };
    ofWorkflow.set(priority, line);
    return line;
  };

  const takeOut = (item: T): Line<T> | null => {
    const found = waiting.get(item);
    if (found === undefined) return null;
    const { line, link } = found;
    waiting.delete(item);
    line.items.drop(link);
    if (line.items.size > 0) return line;
    const ofWorkflow = lines.get(line.workflowId);
    ofWorkflow?.delete(line.priority);
    if (ofWorkflow?.size === 0) lines.delete(line.workflowId);
    return line;
  };

  const first = (): T | undefined => {
    const [priority] = order;
    return priority === undefined || placed.size >= limit() ? undefined : turns.get(priority)?.first?.items.first;
  };

  return {
    push(item) {
      if (waiting.has(item)) return;
      const line = lineOf(item);
      waiting.set(item, { line, link: line.items.push(item) });
      settle(line);
    },
    next() {
      const item = first();
      if (item === undefined) return undefined;
      const line = takeOut(item);
      placed.set(item, item.workflowId);
      going.set(item.workflowId, (going.get(item.workflowId) ?? 0) + 1);
      if (line !== null) endTurn(line);
      settleAll(item.workflowId);
      return item;
    },
    get ready() {
      return first() !== undefined;
    },
    done(item) {
      const workflowId = placed.get(item);
      if (workflowId === undefined) return;
      placed.delete(item);
      const left = (going.get(workflowId) ?? 1) - 1;
      if (left === 0) going.delete(workflowId);
      else going.set(workflowId, left);
      settleAll(workflowId);
    },
    remove(item) {
      const line = takeOut(item);
      if (line !== null) settle(line);
      return line !== null;
    },
    has: (item) => waiting.has(item),
    get size() {
      return waiting.size;
    },
  };
}
