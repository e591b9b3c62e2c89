import type { NodeId } from '#shared/ids';
import type { Json, JsonObject } from '#shared/json';
import type { NodeSpec } from '#shared/node-spec';
import type { CanvasNote, Position, Workflow, WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';
import { freshId, freshNodeId } from './ids.ts';

/** Every id of a workflow's nodes. */
export const nodeIds = (workflow: Workflow): Set<string> => new Set(workflow.nodes.map((node) => node.id));
/** Every id of a workflow's edges. */
export const edgeIds = (workflow: Workflow): Set<string> => new Set(workflow.edges.map((edge) => edge.id));
const noteIds = (workflow: Workflow): Set<string> => new Set((workflow.notes ?? []).map((note) => note.id));

/** What an edit that made something answers: the document after it, and the ids it made. */
export interface Made {
  readonly workflow: Workflow;
  readonly ids: readonly string[];
}

/** Adds a node of a type. Its config starts empty: defaults belong to the spec, not to the file. */
export function addNode(workflow: Workflow, spec: NodeSpec, position: Position): Made & { readonly id: NodeId } {
  const id = freshNodeId(nodeIds(workflow), spec.nodeType);
  const node: WorkflowNode = { id, type: spec.type, nodeType: spec.nodeType, position: rounded(position), config: {} };
  return { workflow: { ...workflow, nodes: [...workflow.nodes, node] }, ids: [id], id };
}

/** Where an edge begins and ends, before it has an id. Ports are named here, never left out. */
export interface Connection {
  readonly source: string;
  readonly sourcePort: string;
  readonly target: string;
  readonly targetPort: string;
}

/** Adds an edge. Ask `whyNot` first: this does not check. */
export function connect(workflow: Workflow, connection: Connection): Workflow {
  const id = freshId(edgeIds(workflow), `${connection.source}-${connection.target}`);
  const edge = { id, ...connection } as WorkflowEdge;
  return { ...workflow, edges: [...workflow.edges, edge] };
}

/** Moves the end of an edge, keeping its id and its other keys. */
export const reconnect = (workflow: Workflow, edge: string, connection: Connection): Workflow => ({
  ...workflow,
  edges: workflow.edges.map((one) => (one.id === edge ? ({ ...one, ...connection } as WorkflowEdge) : one)),
});

const rounded = (position: Position): Position => ({ ...position, x: Math.round(position.x), y: Math.round(position.y) });

/** Puts nodes and notes where `positions` says; whole pixels, so that a file does not churn. */
export function move(workflow: Workflow, positions: ReadonlyMap<string, Position>): Workflow {
  const place = <T extends { id: string; position: Position }>(item: T): T => {
    const to = positions.get(item.id);
    if (to === undefined || (Math.round(to.x) === item.position.x && Math.round(to.y) === item.position.y)) return item;
    return { ...item, position: rounded({ ...item.position, x: to.x, y: to.y }) };
  };
  const nodes = workflow.nodes.map(place);
  return workflow.notes === undefined ? { ...workflow, nodes } : { ...workflow, nodes, notes: workflow.notes.map(place) };
}

/** Changes keys of a node; a key set to undefined leaves the file. */
export function patchNode(workflow: Workflow, id: string, patch: { readonly [K in keyof WorkflowNode]?: WorkflowNode[K] | undefined }): Workflow {
  return { ...workflow, nodes: workflow.nodes.map((node) => (node.id === id ? compact<WorkflowNode>({ ...node, ...patch } as WorkflowNode) : node)) };
}

/** Sets one field of a node's config; undefined removes it, so that the default holds again. */
export function setConfig(workflow: Workflow, id: string, field: string, value: Json | undefined): Workflow {
  return {
    ...workflow,
    nodes: workflow.nodes.map((node) => (node.id === id ? { ...node, config: compact({ ...node.config, [field]: value } as JsonObject) } : node)),
  };
}

/** Changes the workflow's own keys: name, description, tags, settings. */
export const patchWorkflow = (workflow: Workflow, patch: Partial<Pick<Workflow, 'name' | 'description' | 'tags' | 'author' | 'version' | 'settings'>>): Workflow => ({
  ...workflow,
  ...patch,
});

/** Puts a note, or a group's frame, on the canvas. */
export function addNote(workflow: Workflow, note: Pick<CanvasNote, 'kind' | 'text' | 'position' | 'size'>): Made {
  const id = freshId(noteIds(workflow), note.kind);
  return { workflow: { ...workflow, notes: [...(workflow.notes ?? []), { ...note, id, position: rounded(note.position) }] }, ids: [id] };
}

/** Changes a note's text, size or place. */
export const patchNote = (workflow: Workflow, id: string, patch: Partial<CanvasNote>): Workflow => ({
  ...workflow,
  notes: (workflow.notes ?? []).map((note) => (note.id === id ? { ...note, ...patch } : note)),
});

const compact = <T extends object>(object: T): T => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
