import type { ReactFlowInstance } from '@xyflow/react';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { WorkflowId } from '#shared/ids';
import type { NodeSpec } from '#shared/node-spec';
import type { Workflow } from '#shared/workflow/workflow';
import type { CanvasNode, FlowEdge } from '../canvas/flow-elements.ts';
import type { StudioClient } from '../client/client.ts';
import type { Document, DocumentState } from '../stores/document.ts';
import { edit } from '../stores/document.ts';
import type { DraftKeeper } from '../stores/draft-keeper.ts';
import type { Edit } from '../stores/edit/history.ts';
import type { Specs } from '../stores/edit/ports.ts';
import type { Live, LiveState } from '../stores/live.ts';
import type { Problems, ProblemState } from '../stores/problems.ts';
import type { View, ViewState } from '../stores/view.ts';

export type Flow = ReactFlowInstance<CanvasNode, FlowEdge>;

/** An open editor: its stores and what its actions reach. Made once for a workflow, handed to everything inside. */
export interface Session {
  readonly id: WorkflowId;
  readonly client: StudioClient;
  readonly specs: Specs;
  readonly specList: readonly NodeSpec[];
  readonly nativeDialogs: boolean;
  readonly document: Document;
  readonly view: View;
  readonly live: Live;
  readonly problems: Problems;
  readonly drafts: DraftKeeper;
  /** The canvas, once it is on the screen. */
  readonly flow: { current: Flow | null };
  /** Where the pointer last was over the canvas, on the screen. */
  readonly pointer: { current: { readonly x: number; readonly y: number } | null };
  readonly now: () => number;
}

export const SessionContext = createContext<Session | null>(null);

/** The editor that a component belongs to. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('A part of the editor stands outside of it.');
  return session;
}

export const useDocument = <T>(selector: (state: DocumentState) => T): T => useStore(useSession().document, selector);
export const useView = <T>(selector: (state: ViewState) => T): T => useStore(useSession().view, selector);
export const useLive = <T>(selector: (state: LiveState) => T): T => useStore(useSession().live, selector);
export const useProblems = <T>(selector: (state: ProblemState) => T): T => useStore(useSession().problems, selector);

/** Makes an edit now. `merge` lets typing and dragging become one step. */
export const change = (session: Session, what: Edit, how: (workflow: Workflow) => Workflow, merge?: string): void =>
  edit(session.document, { edit: what, at: session.now(), ...(merge === undefined ? {} : { merge }) }, how);

/** The document as it stands. */
export const workflowOf = (session: Session): Workflow => session.document.getState().workflow;
