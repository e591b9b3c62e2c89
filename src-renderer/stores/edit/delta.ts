import type { Json, JsonObject } from '#shared/json';
import type { Workflow } from '#shared/workflow/workflow';

type Item = JsonObject & { readonly id: string };
/** One thing that came, went or changed: where it stood before and stands after (-1: nowhere). */
interface ItemChange {
  readonly from: number;
  readonly to: number;
  readonly before: Item | null;
  readonly after: Item | null;
}
/** How a list changed: by item where ids are unique and the rest kept its order, else both lists whole. */
type ListChange = { readonly kind: 'items'; readonly changes: readonly ItemChange[] } | { readonly kind: 'whole'; readonly before: readonly Item[]; readonly after: readonly Item[] };
/** A key of the workflow itself: `[value]`, or `[]` where there is none. */
interface KeyChange {
  readonly key: string;
  readonly before: readonly Json[];
  readonly after: readonly Json[];
}

/** The difference between two documents: plain JSON, small, and good in both directions. */
export interface Delta {
  readonly keys: readonly KeyChange[];
  readonly lists: Readonly<Partial<Record<ListKey, ListChange>>>;
}

const LISTS = ['nodes', 'edges', 'notes'] as const;
type ListKey = (typeof LISTS)[number];
const isList = (key: string): key is ListKey => LISTS.some((list) => list === key);

/** Deep equality of JSON values. References first: edits share what they leave alone, so this is quick on whole documents. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, index) => same(value, b[index]));
  }
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)));
}

function diffList(before: readonly Item[], after: readonly Item[]): ListChange | null {
  if (before === after) return null;
  const old = new Map(before.map((item, index) => [item.id, index]));
  const fresh = new Map(after.map((item, index) => [item.id, index]));
  const keptBefore = before.filter((item) => fresh.has(item.id));
  const keptAfter = after.filter((item) => old.has(item.id));
  const steady = old.size === before.length && fresh.size === after.length && keptBefore.every((item, index) => item.id === keptAfter[index]?.id);
  if (!steady) return same(before, after) ? null : { kind: 'whole', before, after };
  const changes: ItemChange[] = [];
  for (const [from, item] of before.entries()) {
    const to = fresh.get(item.id);
    const next = to === undefined ? null : (after[to] ?? null);
    if (next === null || !same(item, next)) changes.push({ from, to: to ?? -1, before: item, after: next });
  }
  for (const [to, item] of after.entries()) if (!old.has(item.id)) changes.push({ from: -1, to, before: null, after: item });
  return changes.length === 0 ? null : { kind: 'items', changes };
}

/** What leads from one document to the other; null when nothing does. */
export function diff(before: Workflow, after: Workflow): Delta | null {
  const was = before as unknown as JsonObject;
  const is = after as unknown as JsonObject;
  const keys: KeyChange[] = [];
  const lists: Partial<Record<ListKey, ListChange>> = {};
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [a, b] = [was[key], is[key]];
    if (isList(key) && Array.isArray(a) && Array.isArray(b)) {
      const change = diffList(a as readonly Item[], b as readonly Item[]);
      if (change !== null) lists[key] = change;
    } else if (!same(a, b)) keys.push({ key, before: a === undefined ? [] : [a], after: b === undefined ? [] : [b] });
  }
  return keys.length === 0 && Object.keys(lists).length === 0 ? null : { keys, lists };
}

function applyList(items: readonly Item[], change: ListChange, forward: boolean): readonly Item[] {
  if (change.kind === 'whole') return forward ? change.after : change.before;
  const steps = forward ? change.changes : change.changes.map(({ from, to, before, after }) => ({ from: to, to: from, before: after, after: before }));
  const byId = new Map(steps.filter((step) => step.before !== null).map((step) => [step.before?.id, step]));
  const kept = items.flatMap((item) => {
    const step = byId.get(item.id);
    if (step === undefined) return [item];
    return step.after === null ? [] : [step.after];
  });
  for (const step of steps.filter((one) => one.before === null).toSorted((a, b) => a.to - b.to)) {
    if (step.after !== null) kept.splice(step.to, 0, step.after);
  }
  return kept;
}

/** Goes from one side of a delta to the other. The document must be the side it starts at. */
export function apply(workflow: Workflow, delta: Delta, direction: 'forward' | 'back'): Workflow {
  const forward = direction === 'forward';
  const next: Record<string, unknown> = { ...workflow };
  for (const { key, before, after } of delta.keys) {
    const [value] = forward ? after : before;
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  for (const key of LISTS) {
    const change = delta.lists[key];
    if (change !== undefined) next[key] = applyList((next[key] ?? []) as readonly Item[], change, forward);
  }
  return next as Workflow;
}
