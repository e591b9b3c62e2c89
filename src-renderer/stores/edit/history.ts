import { z } from 'zod';
import type { Workflow } from '#shared/workflow/workflow';
import { apply, diff } from './delta.ts';
import type { Delta } from './delta.ts';

/** Every kind of edit a person can undo; the menu says "Undo move", so each has a text in the dictionary. */
export const EDITS = ['add', 'move', 'connect', 'reconnect', 'delete', 'configure', 'settings', 'rename', 'paste', 'duplicate', 'align', 'tidy', 'insert', 'note', 'group', 'workflow', 'replace', 'toggle', 'pin', 'unpin', 'asItRan', 'schedule'] as const;
export type Edit = (typeof EDITS)[number];

/** One step a person can undo. `merge` names what is being typed or dragged: steps with the same one, close in time, are one step. */
export interface Entry {
  readonly edit: Edit;
  readonly delta: Delta;
  readonly at: number;
  readonly merge: string | null;
}

/** What can be undone, oldest first, and what can be redone, next one last. Plain JSON: it is kept with the draft. */
export interface History {
  readonly done: readonly Entry[];
  readonly undone: readonly Entry[];
}

export const emptyHistory: History = { done: [], undone: [] };
/** Steps kept; the oldest go first. */
export const HISTORY_LIMIT = 300;
/** Two edits of one thing within this many milliseconds are one step. */
export const MERGE_MS = 1500;

const EntryShape = z.object({
  edit: z.enum(EDITS),
  delta: z.object({ keys: z.array(z.object({ key: z.string(), before: z.array(z.json()), after: z.array(z.json()) })), lists: z.record(z.string(), z.json()) }),
  at: z.number(),
  merge: z.string().nullable(),
});
const HistoryShape = z.object({ done: z.array(EntryShape), undone: z.array(EntryShape) });

/** Reads a history that was kept with a draft. One that this version can't read is an empty one, never an error. */
export function readHistory(kept: unknown): History {
  const read = HistoryShape.safeParse(kept);
  return read.success ? read.data : emptyHistory;
}

export interface Stepped {
  readonly workflow: Workflow;
  readonly history: History;
}

/** Records an edit. What changes nothing leaves the history alone; what follows the same edit closely becomes part of it. */
export function record(before: Stepped, after: Workflow, what: { readonly edit: Edit; readonly at: number; readonly merge?: string }): Stepped {
  const delta = diff(before.workflow, after);
  if (delta === null) return { workflow: before.workflow, history: before.history };
  const { done } = before.history;
  const last = done.at(-1);
  const merge = what.merge ?? null;
  if (last !== undefined && merge !== null && last.merge === merge && last.edit === what.edit && what.at - last.at <= MERGE_MS && before.history.undone.length === 0) {
    const whole = diff(apply(before.workflow, last.delta, 'back'), after);
    const rest = done.slice(0, -1);
    return { workflow: after, history: { done: whole === null ? rest : [...rest, { ...last, delta: whole, at: what.at }], undone: [] } };
  }
  return { workflow: after, history: { done: [...done, { edit: what.edit, delta, at: what.at, merge }].slice(-HISTORY_LIMIT), undone: [] } };
}

/** Takes the last step back; null when there is none. */
export function undo({ workflow, history }: Stepped): Stepped | null {
  const last = history.done.at(-1);
  if (last === undefined) return null;
  return { workflow: apply(workflow, last.delta, 'back'), history: { done: history.done.slice(0, -1), undone: [...history.undone, last] } };
}

/** Does the step again that was undone last; null when there is none. */
export function redo({ workflow, history }: Stepped): Stepped | null {
  const next = history.undone.at(-1);
  if (next === undefined) return null;
  return { workflow: apply(workflow, next.delta, 'forward'), history: { done: [...history.done, { ...next, merge: null }], undone: history.undone.slice(0, -1) } };
}
