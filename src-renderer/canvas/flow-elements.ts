import type { Edge, Node } from '@xyflow/react';
import type { Port, Text } from '#shared/node-spec';
import { UNKNOWN_INPUT, UNKNOWN_OUTPUT } from '#shared/workflow/graph';
import type { CanvasNote, Position, Workflow, WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';
import { inputsOf, outputsOf, sourcePortOf, specOf, targetPortOf } from '../stores/edit/ports.ts';
import type { Specs } from '../stores/edit/ports.ts';
import type { Selection } from '../stores/edit/selection.ts';
import { CARD_WIDTH, cardHeight, handlesOf } from './geometry.ts';

export type StepNode = Node<{ readonly node: WorkflowNode; readonly inputs: readonly Port[]; readonly outputs: readonly Port[] }, 'step'>;
export type NoteNode = Node<{ readonly note: CanvasNote }, 'note' | 'group'>;
export type CanvasNode = StepNode | NoteNode;
export type FlowEdge = Edge<{ readonly edge: WorkflowEdge; readonly sourcePort: string }, 'flow'>;

/** Notes share the canvas with nodes, whose ids they may repeat. */
export const NOTE_PREFIX = 'note:';
export const noteIdOf = (id: string): string | null => (id.startsWith(NOTE_PREFIX) ? id.slice(NOTE_PREFIX.length) : null);

const unknownIn: readonly Port[] = [{ name: UNKNOWN_INPUT, label: { en: 'in', zh: '输入' }, many: true }];
const unknownOut: readonly Port[] = [{ name: UNKNOWN_OUTPUT, label: { en: 'out', zh: '输出' } }];

/** The ports drawn on a card; a node of an unknown type has one of each, so that its edges are seen. */
export function cardPorts(specs: Specs, node: WorkflowNode): { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] } {
  return specOf(specs, node) === null ? { inputs: unknownIn, outputs: unknownOut } : { inputs: inputsOf(specs, node), outputs: outputsOf(specs, node) };
}

/** What a node is called: by its own label, else by its type. */
export const nodeName = (specs: Specs, node: WorkflowNode, pick: (text: Text) => string): string => {
  const spec = specOf(specs, node);
  return node.label ?? (spec === null ? node.nodeType : pick(spec.label));
};

/**
 * Turns documents into what the canvas library draws, one object for one object, and gives the same object again while nothing
 * about it has changed: so a drag among 1,000 nodes draws only what moves.
 */
export function createElements(
  specs: Specs,
  pick: (text: Text) => string,
): {
  readonly nodes: (workflow: Workflow, selection: Selection, moved: ReadonlyMap<string, Position>) => CanvasNode[];
  readonly edges: (workflow: Workflow, selection: Selection) => FlowEdge[];
} {
  const steps = new Map<string, { readonly from: WorkflowNode; readonly at: Position; readonly made: StepNode }>();
  const notes = new Map<string, { readonly from: CanvasNote; readonly at: Position; readonly made: NoteNode }>();
  const links = new Map<string, { readonly from: WorkflowEdge; readonly made: FlowEdge }>();

  const step = (node: WorkflowNode, selected: boolean, at: Position): StepNode => {
    const known = steps.get(node.id);
    if (known !== undefined && known.from === node && known.at === at && known.made.selected === selected) return known.made;
    const { inputs, outputs } = cardPorts(specs, node);
    const data = known?.from === node ? known.made.data : { node, inputs, outputs };
    const size = { width: CARD_WIDTH, height: cardHeight(inputs, outputs) };
    // Known sizes, so that nodes outside of the view count when the canvas is fitted to the whole.
    const made: StepNode = { id: node.id, type: 'step', position: at, data, selected, ariaLabel: nodeName(specs, node, pick), ...size, measured: size, handles: handlesOf(inputs, outputs) };
    steps.set(node.id, { from: node, at, made });
    return made;
  };
  const frame = (note: CanvasNote, selected: boolean, at: Position): NoteNode => {
    const known = notes.get(note.id);
    if (known !== undefined && known.from === note && known.at === at && known.made.selected === selected) return known.made;
    const { width, height } = note.size;
    const made: NoteNode = { id: NOTE_PREFIX + note.id, type: note.kind, position: at, data: { note }, selected, width, height, measured: { width, height }, zIndex: note.kind === 'group' ? -2 : -1 };
    notes.set(note.id, { from: note, at, made });
    return made;
  };

  return {
    nodes: (workflow, selection, moved) => [
      ...(workflow.notes ?? []).map((note) => frame(note, selection.notes.has(note.id), moved.get(NOTE_PREFIX + note.id) ?? note.position)),
      ...workflow.nodes.map((node) => step(node, selection.nodes.has(node.id), moved.get(node.id) ?? node.position)),
    ],
    edges: (workflow, selection) => {
      const byId = new Map<string, WorkflowNode>(workflow.nodes.map((node) => [node.id, node]));
      return workflow.edges.flatMap((edge): FlowEdge[] => {
        const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
        if (source === undefined || target === undefined) return [];
        const selected = selection.edges.has(edge.id);
        const known = links.get(edge.id);
        const ariaLabel = `${nodeName(specs, source, pick)} → ${nodeName(specs, target, pick)}`;
        if (known !== undefined && known.from === edge && known.made.selected === selected && known.made.ariaLabel === ariaLabel) return [known.made];
        const sourcePort = sourcePortOf(edge, specOf(specs, source));
        const made: FlowEdge = {
          id: edge.id,
          type: 'flow',
          ariaLabel,
          source: edge.source,
          target: edge.target,
          sourceHandle: sourcePort,
          targetHandle: targetPortOf(edge, specOf(specs, target)),
          selected,
          data: { edge, sourcePort },
        };
        links.set(edge.id, { from: edge, made });
        return [made];
      });
    },
  };
}
