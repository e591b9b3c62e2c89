import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Problem, Workflow } from '#shared/workflow/workflow';
import type { Document } from './document.ts';

/** What is wrong with the document as it stands, and the same by node. */
export interface ProblemState {
  readonly all: readonly Problem[];
  readonly byNode: ReadonlyMap<string, readonly Problem[]>;
}
export type Problems = StoreApi<ProblemState>;

/** Milliseconds of quiet before the document is checked anew. */
const QUIET_MS = 120;
const none: readonly Problem[] = [];

/** An empty list, which a read-only graph keeps. */
export const createProblems = (): Problems => createStore<ProblemState>(() => ({ all: none, byNode: new Map() }));

function byNode(all: readonly Problem[], before: ProblemState['byNode']): ProblemState['byNode'] {
  const groups = Map.groupBy(
    all.filter((problem) => problem.node !== undefined),
    (problem): string => problem.node ?? '',
  );
  // A node whose problems are the same keeps its list, so that its card is not drawn anew.
  return new Map([...groups].map(([node, list]) => [node, same(before.get(node), list) ? (before.get(node) ?? list) : list]));
}
const same = (a: readonly Problem[] | undefined, b: readonly Problem[]): boolean => a !== undefined && a.length === b.length && a.every((one, index) => one.message === b[index]?.message && one.field === b[index]?.field);

/** Keeps the list right while the document changes. Returns the stop. */
export function watchProblems(document: Document, problems: Problems, check: (workflow: Workflow) => readonly Problem[]): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const all = check(document.getState().workflow);
    problems.setState((before) => ({ all, byNode: byNode(all, before.byNode) }));
  };
  look();
  const unsubscribe = document.subscribe((state, before) => {
    if (state.workflow === before.workflow) return;
    clearTimeout(timer);
    timer = setTimeout(look, QUIET_MS);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
