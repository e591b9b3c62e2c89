import type { NodeSpec } from '#shared/node-spec';
import type { Position } from '#shared/workflow/workflow';
import { CARD_WIDTH, cardHeight } from '../canvas/geometry.ts';
import { cardPorts } from '../canvas/flow-elements.ts';
import { currentText } from '../i18n/use-text.ts';
import { redoIn, undoIn } from '../stores/document.ts';
import { align, around, walk } from '../stores/edit/arrange.ts';
import type { Alignment, Box, Direction } from '../stores/edit/arrange.ts';
import { addNode, addNote, move, patchNode } from '../stores/edit/change.ts';
import { addAt, insertOnEdge } from '../stores/edit/insert.ts';
import type { OpenEnd } from '../stores/edit/insert.ts';
import { clipOf, clipText, cornerOf, isNothing, paste, readClip, remove } from '../stores/edit/selection.ts';
import { select } from '../stores/view.ts';
import { toast } from '../ui/index.ts';
import { change, workflowOf } from './session.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

export const undoLast = (session: Session): void => undoIn(session.document);
export const redoLast = (session: Session): void => redoIn(session.document);

/** Every node and note with its place and size, or the selected ones. */
export function boxesOf(session: Session, selectedOnly: boolean): readonly Box[] {
  const workflow = workflowOf(session);
  const { selection } = session.view.getState();
  return workflow.nodes
    .filter((node) => !selectedOnly || selection.nodes.has(node.id))
    .map((node) => {
      const { inputs, outputs } = cardPorts(session.specs, node);
      return { id: node.id, x: node.position.x, y: node.position.y, width: CARD_WIDTH, height: cardHeight(inputs, outputs) };
    });
}

/** The middle of what the canvas shows. */
export function centre(session: Session): Position {
  const pane = window.document.querySelector('.react-flow')?.getBoundingClientRect();
  const flow = session.flow.current;
  if (pane === undefined || flow === null) return { x: 0, y: 0 };
  const at = flow.screenToFlowPosition({ x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 });
  return { x: at.x - CARD_WIDTH / 2, y: at.y - 27 };
}

/** A place that nothing stands on: from `at` downwards. */
function free(session: Session, at: Position): Position {
  const boxes = boxesOf(session, false);
  let { y } = at;
  while (boxes.some((box) => Math.abs(box.x - at.x) < CARD_WIDTH && y < box.y + box.height + 12 && box.y < y + 66)) y += 78;
  return { x: at.x, y };
}

/** Where a node goes that continues the selected one: a free place to its right, on its first output. Null without such a node. */
export function behindSelected(session: Session): { readonly at: Position; readonly end: OpenEnd } | null {
  const [only, ...others] = session.view.getState().selection.nodes;
  const last = others.length === 0 ? workflowOf(session).nodes.find((node) => node.id === only) : undefined;
  const output = last === undefined ? undefined : cardPorts(session.specs, last).outputs[0];
  if (last === undefined || output === undefined) return null;
  return { at: free(session, { x: last.position.x + CARD_WIDTH + 88, y: last.position.y }), end: { node: last.id, port: output.name, side: 'source' } };
}

/** Adds a node: into an edge, on a dragged end, behind the selected node, or in the middle of the canvas. */
export function add(session: Session, spec: NodeSpec, where: { readonly at?: Position | undefined; readonly end?: OpenEnd | null; readonly edge?: string | null } = {}): void {
  const workflow = workflowOf(session);
  const { specs } = session;
  if (where.edge !== undefined && where.edge !== null) {
    const made = insertOnEdge(workflow, specs, spec, where.edge, where.at ?? centre(session));
    if (made !== null) {
      change(session, 'insert', () => made.workflow);
      select(session.view, made.ids);
      return;
    }
  }
  const behind = where.at === undefined && spec.inputs.length > 0 ? behindSelected(session) : null;
  const end = where.end ?? behind?.end ?? null;
  const at = where.at ?? behind?.at ?? free(session, centre(session));
  const made = end === null ? addNode(workflow, spec, at) : addAt(workflow, specs, spec, at, end);
  change(session, 'add', () => made.workflow);
  select(session.view, made.ids);
  // Where a person pointed is where they look already.
  if (where.at === undefined) bringIntoView(session);
}

export function selectAll(session: Session): void {
  const workflow = workflowOf(session);
  select(session.view, workflow.nodes.map((node) => node.id), (workflow.notes ?? []).map((note) => note.id), workflow.edges.map((edge) => edge.id));
}

/** Deletes what is selected; with `heal`, neighbours are connected over the gap. */
export function removeSelected(session: Session, heal: boolean): void {
  const { selection } = session.view.getState();
  if (isNothing(selection)) return;
  change(session, 'delete', (workflow) => remove(workflow, session.specs, selection, heal));
  select(session.view, []);
}

/** The selected part as text for the clipboard; null when nothing that can be copied is selected. */
export function copied(session: Session): string | null {
  const clip = clipOf(workflowOf(session), session.view.getState().selection);
  return clip.nodes.length + (clip.notes?.length ?? 0) === 0 ? null : clipText(clip);
}

/** Puts the text of a clipboard on the canvas, at the pointer when it is there. */
export function pasteText(session: Session, text: string): void {
  const clip = readClip(text);
  if (clip === null) {
    toast({ tone: 'info', title: currentText().t(words.nothingToPaste), text: currentText().t(words.nothingToPasteText) });
    return;
  }
  const pointer = session.pointer.current;
  const at = pointer === null ? undefined : session.flow.current?.screenToFlowPosition(pointer);
  const made = paste(workflowOf(session), clip, at ?? centre(session));
  change(session, 'paste', () => made.workflow);
  select(session.view, made.ids, made.notes);
}

/** A second copy of what is selected, a little aside. */
export function duplicate(session: Session): void {
  const workflow = workflowOf(session);
  const clip = clipOf(workflow, session.view.getState().selection);
  if (clip.nodes.length + (clip.notes?.length ?? 0) === 0) return;
  const corner = cornerOf([...clip.nodes, ...(clip.notes ?? [])]);
  const made = paste(workflow, clip, { x: corner.x + 32, y: corner.y + 32 });
  change(session, 'duplicate', () => made.workflow);
  select(session.view, made.ids, made.notes);
}

export const alignSelected = (session: Session, how: Alignment): void => change(session, 'align', (workflow) => move(workflow, align(boxesOf(session, true), how)));

/** Turns the selected nodes off, or on again when all of them are off. */
export function toggleDisabled(session: Session): void {
  const { nodes } = session.view.getState().selection;
  const off = workflowOf(session).nodes.filter((node) => nodes.has(node.id)).every((node) => node.disabled === true);
  change(session, 'toggle', (workflow) => [...nodes].reduce((next, id) => patchNode(next, id, { disabled: off ? undefined : true }), workflow));
}

/** Puts a note down, at the pointer or in the middle. */
export function addNoteHere(session: Session, at?: Position): void {
  const made = addNote(workflowOf(session), { kind: 'note', text: '', position: at ?? centre(session), size: { width: 220, height: 96 } });
  change(session, 'note', () => made.workflow);
  select(session.view, [], made.ids);
}

/** Draws a group's frame around the selected nodes. */
export function groupSelected(session: Session): void {
  const box = around(boxesOf(session, true), 28);
  if (box === null) return;
  const made = addNote(workflowOf(session), { kind: 'group', text: currentText().t(words.newGroup), position: { x: box.x, y: box.y - 14 }, size: { width: box.width, height: box.height + 14 } });
  change(session, 'group', () => made.workflow);
  select(session.view, [], made.ids);
}

/** Goes to the next node in a direction and brings it into view. */
export function walkTo(session: Session, direction: Direction): void {
  const workflow = workflowOf(session);
  const [from] = session.view.getState().selection.nodes;
  const to = from === undefined ? workflow.nodes[0]?.id : walk(workflow, from, direction);
  if (to !== undefined && to !== null) reveal(session, to);
}

/** Moves the selected nodes by a step; steps in a row are one. */
export function nudge(session: Session, dx: number, dy: number): void {
  const boxes = boxesOf(session, true);
  change(session, 'move', (workflow) => move(workflow, new Map(boxes.map((box) => [box.id, { x: box.x + dx, y: box.y + dy }]))), 'nudge');
}

/** Selects a node and moves the canvas only if the node can't be seen. */
export function show(session: Session, node: string): void {
  select(session.view, [node]);
  bringIntoView(session);
}

/** The same, and the keys go on from that node. */
export function reveal(session: Session, node: string): void {
  show(session, node);
  requestAnimationFrame(() => window.document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(node)}"]`)?.focus({ preventScroll: true }));
}

/** Moves the canvas only if the selected node can't be seen whole. */
function bringIntoView(session: Session): void {
  const flow = session.flow.current;
  const box = boxesOf(session, true)[0];
  const pane = window.document.querySelector('.react-flow')?.getBoundingClientRect();
  if (flow === null || box === undefined || pane === undefined) return;
  const { zoom } = flow.getViewport();
  const at = flow.flowToScreenPosition({ x: box.x, y: box.y });
  const inside = at.x > pane.x + 16 && at.y > pane.y + 16 && at.x + box.width * zoom < pane.right - 16 && at.y + box.height * zoom < pane.bottom - 16;
  if (!inside) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: Math.max(zoom, 0.5), duration: 180 });
}
