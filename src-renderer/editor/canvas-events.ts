import type { Connection as FlowConnection, EdgeChange, FinalConnectionState, NodeChange } from '@xyflow/react';
import type { Position } from '#shared/workflow/workflow';
import { noteIdOf, NOTE_PREFIX } from '../canvas/flow-elements.ts';
import type { CanvasNode, FlowEdge } from '../canvas/flow-elements.ts';
import { currentText } from '../i18n/use-text.ts';
import { connect, move } from '../stores/edit/change.ts';
import type { Connection } from '../stores/edit/change.ts';
import { spliceNode } from '../stores/edit/insert.ts';
import { inputsOf, nodeById, outputsOf } from '../stores/edit/ports.ts';
import { whyNot } from '../stores/edit/why-not.ts';
import { toast } from '../ui/index.ts';
import { boxesOf } from './edit-actions.ts';
import { change, workflowOf } from './session.ts';
import type { Flow, Session } from './session.ts';

export type Moved = ReadonlyMap<string, Position>;
export const unmoved: Moved = new Map();

/** The canvas is on the screen: actions can reach it. */
export function begin(session: Session, flow: Flow): void {
  session.flow.current = flow;
}

/** Where the pointer is over the canvas: a paste goes there. */
export function keepPointer(session: Session, at: { readonly x: number; readonly y: number } | null): void {
  session.pointer.current = at;
}

/** What the canvas library calls a connection, with both ports named. */
export const asConnection = (one: Pick<FlowConnection, 'source' | 'target' | 'sourceHandle' | 'targetHandle'>): Connection => ({
  source: one.source,
  sourcePort: one.sourceHandle ?? 'out',
  target: one.target,
  targetPort: one.targetHandle ?? 'in',
});

/** Selection changes of the canvas, into the view. */
export function selectFromNodes(session: Session, changes: readonly NodeChange<CanvasNode>[]): void {
  const picked = changes.filter((one) => one.type === 'select');
  if (picked.length === 0) return;
  session.view.setState(({ selection }) => {
    const nodes = new Set(selection.nodes);
    const notes = new Set(selection.notes);
    for (const one of picked) {
      const note = noteIdOf(one.id);
      const set = note === null ? nodes : notes;
      if (one.selected) set.add(note ?? one.id);
      else set.delete(note ?? one.id);
    }
    return { selection: { ...selection, nodes, notes } };
  });
}

export function selectFromEdges(session: Session, changes: readonly EdgeChange<FlowEdge>[]): void {
  const picked = changes.filter((one) => one.type === 'select');
  if (picked.length === 0) return;
  session.view.setState(({ selection }) => {
    const edges = new Set(selection.edges);
    for (const one of picked) {
      if (one.selected) edges.add(one.id);
      else edges.delete(one.id);
    }
    return { selection: { ...selection, edges } };
  });
}

/** What stands inside a group's frame when it begins to be dragged: it goes along. */
export function cargoOf(session: Session, dragged: readonly CanvasNode[]): ReadonlyMap<string, { readonly group: string; readonly dx: number; readonly dy: number }> {
  const own = new Set(dragged.map((node) => node.id));
  const cargo = new Map<string, { group: string; dx: number; dy: number }>();
  for (const group of dragged) {
    if (group.type !== 'group') continue;
    const { x, y } = group.position;
    const inside = (box: { x: number; y: number; width: number; height: number }): boolean =>
      box.x >= x && box.y >= y && box.x + box.width <= x + (group.width ?? 0) && box.y + box.height <= y + (group.height ?? 0);
    for (const box of boxesOf(session, false)) if (!own.has(box.id) && inside(box)) cargo.set(box.id, { group: group.id, dx: box.x - x, dy: box.y - y });
    for (const note of workflowOf(session).notes ?? []) {
      const id = NOTE_PREFIX + note.id;
      if (!own.has(id) && inside({ ...note.position, ...note.size })) cargo.set(id, { group: group.id, dx: note.position.x - x, dy: note.position.y - y });
    }
  }
  return cargo;
}

/** Ends a drag: one step, which also puts a lone node into the edge it was dropped on. */
export function commitDrag(session: Session, moved: Moved, edge: string | null): void {
  const places = new Map([...moved].map(([id, at]) => [noteIdOf(id) ?? id, at]));
  const [only] = moved.keys();
  change(session, edge === null ? 'move' : 'insert', (workflow) => {
    const placed = move(workflow, places);
    return edge === null || only === undefined ? placed : (spliceNode(placed, session.specs, only, edge) ?? placed);
  });
}

/** The edge under a point of the screen. */
export const edgeAt = (x: number, y: number): string | null =>
  window.document
    .elementsFromPoint(x, y)
    .map((element) => element.closest<SVGElement>('.react-flow__edge')?.dataset['id'])
    .find((id) => id !== undefined) ?? null;

/** Marks the edge that a drop would go into. */
export function markDrop(edge: string | null): void {
  for (const old of window.document.querySelectorAll('.react-flow__edge.mr-drop')) if (old.getAttribute('data-id') !== edge) old.classList.remove('mr-drop');
  if (edge !== null) window.document.querySelector(`.react-flow__edge[data-id="${CSS.escape(edge)}"]`)?.classList.add('mr-drop');
}

const pointOf = (event: MouseEvent | TouchEvent): { readonly x: number; readonly y: number } => {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
};

/** A connection was let go: over a card it takes the first port that fits, over nothing it offers fitting nodes. */
export function connectEnd(session: Session, event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
  if (state.isValid === true || state.fromHandle === null || state.toHandle !== null) return;
  const { nodeId: from, id, type } = state.fromHandle;
  const screen = pointOf(event);
  const target = window.document.elementFromPoint(screen.x, screen.y)?.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
  const end = { node: from, port: id ?? 'out', side: type };
  if (target === undefined) {
    const at = session.flow.current?.screenToFlowPosition(screen);
    if (at !== undefined) session.view.setState({ quickAdd: { at: { x: at.x - (type === 'target' ? 216 : 0), y: at.y - 27 }, screen, end, edge: null } });
    return;
  }
  const workflow = workflowOf(session);
  const node = nodeById(workflow, target);
  if (node === null || target === from) return;
  const ports = type === 'source' ? inputsOf(session.specs, node) : outputsOf(session.specs, node);
  const tries = (ports.length === 0 ? [{ name: 'in' }] : ports).map((port): Connection =>
    type === 'source' ? { source: from, sourcePort: end.port, target, targetPort: port.name } : { source: target, sourcePort: port.name, target: from, targetPort: end.port },
  );
  const fits = tries.find((one) => whyNot(workflow, session.specs, one) === null);
  if (fits !== undefined) change(session, 'connect', (now) => connect(now, fits));
  else {
    const reason = tries[0] === undefined ? null : whyNot(workflow, session.specs, tries[0]);
    if (reason !== null) toast({ tone: 'info', title: currentText().pick(reason) });
  }
}
