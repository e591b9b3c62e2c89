import type { Port } from '#shared/node-spec';
import { cardPorts } from '../canvas/flow-elements.ts';
import { portY } from '../canvas/geometry.ts';
import { tidy } from '../canvas/tidy.ts';
import type { Link } from '../canvas/tidy.ts';
import type { Position, Workflow } from '#shared/workflow/workflow';
import { around } from '../stores/edit/arrange.ts';
import type { Box } from '../stores/edit/arrange.ts';
import { move, patchNote } from '../stores/edit/change.ts';
import { sourcePortOf, specOf, targetPortOf } from '../stores/edit/ports.ts';
import { toastError } from '../ui/index.ts';
import { boxesOf } from './edit-actions.ts';
import { change, workflowOf } from './session.ts';
import type { Session } from './session.ts';

const PADDING = 0.1;

/** Shows the whole workflow, or what is selected of it. */
export function fit(session: Session): void {
  const { nodes, notes } = workflowOf(session);
  // The canvas library would keep the wish for the first node that comes.
  if (nodes.length + (notes?.length ?? 0) === 0) void session.flow.current?.setViewport({ x: 0, y: 0, zoom: 1 }, { duration: 220 });
  else void session.flow.current?.fitView({ padding: PADDING, maxZoom: 1, duration: 220 });
}

/** A step in or out, or exactly this scale. */
export function zoom(session: Session, to: 'in' | 'out' | number): void {
  const flow = session.flow.current;
  if (to === 'in') void flow?.zoomIn({ duration: 120 });
  else if (to === 'out') void flow?.zoomOut({ duration: 120 });
  else void flow?.zoomTo(to, { duration: 120 });
}

const height = (list: readonly Port[], name: string): number => portY(list, Math.max(0, list.findIndex((port) => port.name === name)));

/** The edges with the heights at which they leave and reach their cards, so that straight ones come out straight. */
function linksOf(session: Session): readonly Link[] {
  const { nodes, edges } = workflowOf(session);
  const ports = new Map(nodes.map((node) => [String(node.id), { node, ...cardPorts(session.specs, node) }]));
  return edges.flatMap((edge) => {
    const [from, to] = [ports.get(edge.source), ports.get(edge.target)];
    if (from === undefined || to === undefined) return [];
    return [{ id: edge.id, source: edge.source, sourceY: height(from.outputs, sourcePortOf(edge, specOf(session.specs, from.node))), target: edge.target, targetY: height(to.inputs, targetPortOf(edge, specOf(session.specs, to.node))) }];
  });
}

const GROUP_EDGE = 28;
const GROUP_HEAD = 14;

/** Group frames follow the nodes that stood inside them. */
function framed(moved: Workflow, before: Workflow, boxes: readonly Box[], places: ReadonlyMap<string, Position>): Workflow {
  return (before.notes ?? [])
    .filter((note) => note.kind === 'group')
    .reduce((workflow, { id, position, size }) => {
      const inside = boxes.filter((box) => box.x >= position.x && box.y >= position.y && box.x + box.width <= position.x + size.width && box.y + box.height <= position.y + size.height);
      const box = around(inside.map((one) => ({ ...one, ...places.get(one.id) })), GROUP_EDGE);
      return box === null ? workflow : patchNote(workflow, id, { position: { x: box.x, y: box.y - GROUP_HEAD }, size: { width: box.width, height: box.height + GROUP_HEAD } });
    }, moved);
}

/** Lays the workflow out anew: the selected nodes when there are several, else all of them. One step to undo. */
export async function tidyAll(session: Session): Promise<void> {
  const some = session.view.getState().selection.nodes.size > 1;
  const boxes = boxesOf(session, some);
  if (boxes.length === 0) return;
  try {
    const places = await tidy(boxes, linksOf(session));
    change(session, 'tidy', (workflow) => framed(move(workflow, places), workflow, boxes, places));
    if (!some) requestAnimationFrame(() => fit(session));
  } catch (thrown) {
    toastError(thrown);
  }
}
