import { NodeId } from '#shared/ids';
import { Workflow } from '#shared/workflow/workflow';
import type { CanvasNote, Position, WorkflowEdge } from '#shared/workflow/workflow';
import { z } from 'zod';
import { connect, edgeIds, nodeIds } from './change.ts';
import type { Made } from './change.ts';
import { freshId, stemOf } from './ids.ts';
import { sourcePortOf, specOf, targetPortOf, nodeById } from './ports.ts';
import type { Specs } from './ports.ts';
import { whyNot } from './why-not.ts';

/** What is selected: ids of nodes, edges and notes. */
export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
}
export const nothing: Selection = { nodes: new Set(), edges: new Set(), notes: new Set() };
/** Is anything selected at all? */
export const isNothing = (selection: Selection): boolean => selection.nodes.size + selection.edges.size + selection.notes.size === 0;

/**
 * Removes what is selected, and the edges that hang on it. With `heal`, what fed a removed node feeds what it fed, wherever
 * that connection is possible.
 */
export function remove(workflow: Workflow, specs: Specs, selection: Selection, heal: boolean): Workflow {
  const gone = (edge: WorkflowEdge): boolean => selection.edges.has(edge.id) || selection.nodes.has(edge.source) || selection.nodes.has(edge.target);
  let next: Workflow = { ...workflow, nodes: workflow.nodes.filter((node) => !selection.nodes.has(node.id)), edges: workflow.edges.filter((edge) => !gone(edge)) };
  if (workflow.notes !== undefined && selection.notes.size > 0) next = { ...next, notes: workflow.notes.filter((note) => !selection.notes.has(note.id)) };
  if (!heal) return next;
  for (const edge of workflow.edges) {
    if (selection.nodes.has(edge.target) || !selection.nodes.has(edge.source) || selection.edges.has(edge.id)) continue;
    for (const from of feeders(workflow, selection, edge.source)) {
      const connection = {
        source: from.source,
        sourcePort: sourcePortOf(from, specOf(specs, nodeById(workflow, from.source) ?? missing)),
        target: edge.target,
        targetPort: targetPortOf(edge, specOf(specs, nodeById(workflow, edge.target) ?? missing)),
      };
      if (whyNot(next, specs, connection) === null) next = connect(next, connection);
    }
  }
  return next;
}
const missing = { type: 'flow', nodeType: '' } as const;

/** Edges from what stays into the removed nodes above `node`. */
function feeders(workflow: Workflow, selection: Selection, node: string): readonly WorkflowEdge[] {
  const found: WorkflowEdge[] = [];
  const seen = new Set([node]);
  const waiting = [node];
  for (const at of waiting) {
    for (const edge of workflow.edges) {
      if (edge.target !== at || selection.edges.has(edge.id)) continue;
      if (!selection.nodes.has(edge.source)) found.push(edge);
      else if (!seen.has(edge.source)) {
        seen.add(edge.source);
        waiting.push(edge.source);
      }
    }
  }
  return found;
}

const Clip = Workflow.pick({ nodes: true, edges: true, notes: true }).extend({ millrace: z.literal('clip') });
/** Parts of a workflow on their way through the clipboard. */
export type Clip = z.infer<typeof Clip>;

/** The selected nodes and notes, with the edges among them, as they stand in the file. */
export const clipOf = (workflow: Workflow, selection: Selection): Clip => ({
  millrace: 'clip',
  nodes: workflow.nodes.filter((node) => selection.nodes.has(node.id)),
  edges: workflow.edges.filter((edge) => selection.nodes.has(edge.source) && selection.nodes.has(edge.target)),
  notes: (workflow.notes ?? []).filter((note) => selection.notes.has(note.id)),
});

/** The text that goes on the clipboard: JSON that a person can read, mail and paste elsewhere. */
export const clipText = (clip: Clip): string => JSON.stringify(clip, null, 2);

/** Reads a clipboard. A whole workflow's JSON is a clip too; null for anything else. */
export function readClip(text: string): Clip | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const json: unknown = JSON.parse(text);
    const read = Clip.safeParse({ ...(json as object), millrace: 'clip' });
    return read.success && read.data.nodes.length + (read.data.notes?.length ?? 0) > 0 ? read.data : null;
  } catch {
    return null;
  }
}

/** The top left corner of a clip, or of anything that has places. */
export const cornerOf = (items: readonly { readonly position: Position }[]): Position => ({
  x: items.reduce((least, item) => Math.min(least, item.position.x), Infinity),
  y: items.reduce((least, item) => Math.min(least, item.position.y), Infinity),
});

/** Adds a clip under fresh ids, its corner at `at`. Edges whose ends are not in the clip stay behind. */
export function paste(workflow: Workflow, clip: Clip, at: Position): Made & { readonly notes: readonly string[] } {
  const corner = cornerOf([...clip.nodes, ...(clip.notes ?? [])]);
  const placed = (position: Position): Position => ({ ...position, x: Math.round(position.x - corner.x + at.x), y: Math.round(position.y - corner.y + at.y) });
  const taken = nodeIds(workflow);
  const renamed = new Map<string, NodeId>();
  const fresh = (id: string): NodeId => {
    const next = NodeId.parse(taken.has(id) ? freshId(taken, stemOf(id)) : id);
    taken.add(next);
    return next;
  };
  const nodes = clip.nodes.map((node) => {
    const id = fresh(node.id);
    renamed.set(node.id, id);
    return { ...node, id, position: placed(node.position) };
  });
  const takenEdges = edgeIds(workflow);
  const edges = clip.edges.flatMap((edge) => {
    const [source, target] = [renamed.get(edge.source), renamed.get(edge.target)];
    if (source === undefined || target === undefined) return [];
    const id = freshId(takenEdges, `${source}-${target}`);
    takenEdges.add(id);
    return [{ ...edge, id, source, target }];
  });
  const takenNotes = new Set((workflow.notes ?? []).map((note) => note.id));
  const notes = (clip.notes ?? []).map((note): CanvasNote => {
    const id = freshId(takenNotes, stemOf(note.id));
    takenNotes.add(id);
    return { ...note, id, position: placed(note.position) };
  });
  const next = { ...workflow, nodes: [...workflow.nodes, ...nodes], edges: [...workflow.edges, ...edges] };
  return {
    workflow: notes.length === 0 ? next : { ...next, notes: [...(workflow.notes ?? []), ...notes] },
    ids: nodes.map((node) => node.id),
    notes: notes.map((note) => note.id),
  };
}
