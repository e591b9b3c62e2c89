import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { OpenedWorkflow } from '#shared/contract/workflows';
import type { Workflow } from '#shared/workflow/workflow';
import { same } from './edit/delta.ts';
import { emptyHistory, readHistory, record, redo, undo } from './edit/history.ts';
import type { Edit, History } from './edit/history.ts';

/** The open workflow as it stands, how it came to be so, and what the file holds. */
export interface DocumentState {
  readonly workflow: Workflow;
  readonly history: History;
  /** What the file held when it was last read or written, and its revision. */
  readonly saved: Workflow;
  readonly revision: string;
  readonly path: string;
  /** The file's revision on disk where someone else changed it since; null while it is ours. */
  readonly outside: { readonly revision: string | null } | null;
  /** Does the document differ from the file? */
  readonly dirty: boolean;
  /** When the file was last written from here. */
  readonly savedAt: number | null;
}

export type Document = StoreApi<DocumentState>;

/** Opens a document: the draft where there is one, with its undo history, else the file. */
export function openDocument({ workflow, revision, path, draft }: OpenedWorkflow): Document {
  const current = draft?.workflow ?? workflow;
  return createStore<DocumentState>(() => ({
    workflow: current,
    history: draft === null ? emptyHistory : readHistory(draft.history),
    saved: workflow,
    revision: draft?.baseRevision ?? revision,
    path,
    outside: draft !== null && draft.baseRevision !== revision ? { revision } : null,
    dirty: draft !== null && !same(draft.workflow, workflow),
    savedAt: null,
  }));
}

/** What an edit is called, when it happened, and (`merge`) which steps flow into one. */
export interface What {
  readonly edit: Edit;
  readonly at: number;
  readonly merge?: string;
}

/** The one way a document changes by hand: everything that comes this way can be undone. */
export function edit(document: Document, what: What, change: (workflow: Workflow) => Workflow): void {
  document.setState((state) => stepped(state, record(state, change(state.workflow), what)));
}

const stepped = (state: DocumentState, next: { readonly workflow: Workflow; readonly history: History } | null): Partial<DocumentState> =>
  next === null ? {} : { workflow: next.workflow, history: next.history, dirty: !same(next.workflow, state.saved) };

/** Takes the last step back. */
export const undoIn = (document: Document): void => document.setState((state) => stepped(state, undo(state)));
/** Does the undone step again. */
export const redoIn = (document: Document): void => document.setState((state) => stepped(state, redo(state)));

/** The file now holds `saved`: what was written, or what somebody else wrote and is taken over. */
export function markSaved(document: Document, saved: Workflow, file: { readonly revision: string; readonly path: string; readonly at: number | null }): void {
  document.setState((state) => ({ saved, revision: file.revision, path: file.path, outside: null, dirty: !same(state.workflow, saved), savedAt: file.at }));
}

/** Somebody else changed or removed the file. Our own saves come back with our own revision and are not news. */
export function noticeOutside(document: Document, revision: string | null): void {
  document.setState((state) => ({ outside: revision === state.revision ? null : { revision } }));
}

/** Takes the file's content over, as a step that can be undone. */
export function takeTheirs(document: Document, opened: OpenedWorkflow, at: number): void {
  edit(document, { edit: 'replace', at }, () => opened.workflow);
  markSaved(document, opened.workflow, { revision: opened.revision, path: opened.path, at: null });
}
