import type { ELK, ElkNode } from 'elkjs';
import type { Position } from '#shared/workflow/workflow';
import type { Box } from '../stores/edit/arrange.ts';

/** An edge between two boxes, with where on each it begins and ends (from the box's top). */
export interface Link {
  readonly id: string;
  readonly source: string;
  readonly sourceY: number;
  readonly target: string;
  readonly targetY: number;
}

/** A flow longer than this, and so much wider than high, is broken into rows: it reads like text, at a scale that can be read. */
const LONG = 1400;
const WIDE = 2.4;
const IN_ROWS = { 'elk.layered.wrapping.strategy': 'SINGLE_EDGE', 'elk.aspectRatio': '2.2', 'elk.layered.wrapping.additionalEdgeSpacing': '32' };

const outId = (node: string, y: number): string => `${node}\u0000out${String(y)}`;
const inId = (node: string, y: number): string => `${node}\u0000in${String(y)}`;

let elk: Promise<ELK> | null = null;

/** The layout engine, fetched when it is first wanted; in a worker of its own, so that 1,000 nodes do not stop the window. */
async function engine(): Promise<ELK> {
  const [{ default: Elk }, { default: LayoutWorker }] = await Promise.all([import('elkjs/lib/elk-api.js'), import('elkjs/lib/elk-worker.min.js?worker')]);
  return new Elk({ workerFactory: () => new LayoutWorker() });
}

function middle(items: readonly { readonly x?: number; readonly y?: number }[], at: 'x' | 'y'): number {
  const all = items.map((item) => item[at] ?? 0);
  return (all.reduce((a, b) => Math.min(a, b), Infinity) + all.reduce((a, b) => Math.max(a, b), -Infinity)) / 2;
}

/**
 * Places for boxes so that edges run from left to right, in rows where the flow is long, and cross little. The whole is put where it was: its middle stays.
 * Boxes that no edge touches are kept beside the rest.
 */
export async function tidy(boxes: readonly Box[], links: readonly Link[]): Promise<ReadonlyMap<string, Position>> {
  elk ??= engine();
  const ids = new Set(boxes.map((box) => box.id));
  const inner = links.filter((link) => ids.has(link.source) && ids.has(link.target));
  const graph = (more: Readonly<Record<string, string>>): ElkNode => ({
    id: 'root',
    layoutOptions: {
      ...more,
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': '80',
      'elk.spacing.nodeNode': '36',
      'elk.spacing.componentComponent': '56',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
    },
    children: boxes.map(({ id, width, height }) => ({
      id,
      width,
      height,
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
      ports: [
        ...[...new Set(inner.filter((link) => link.source === id).map((link) => link.sourceY))].map((y) => ({ id: outId(id, y), x: width, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'EAST' } })),
        ...[...new Set(inner.filter((link) => link.target === id).map((link) => link.targetY))].map((y) => ({ id: inId(id, y), x: 0, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'WEST' } })),
      ],
    })),
    edges: inner.map((link) => ({ id: link.id, sources: [outId(link.source, link.sourceY)], targets: [inId(link.target, link.targetY)] })),
  });
  const layout = await elk;
  const long = await layout.layout(graph({}));
  const done = (long.width ?? 0) > LONG && (long.width ?? 0) > WIDE * (long.height ?? 0) ? await layout.layout(graph(IN_ROWS)) : long;
  const placed = done.children ?? [];
  const dx = middle(boxes, 'x') - middle(placed, 'x');
  const dy = middle(boxes, 'y') - middle(placed, 'y');
  return new Map(placed.map((child) => [child.id, { x: Math.round((child.x ?? 0) + dx), y: Math.round((child.y ?? 0) + dy) }]));
}
