import type { Position, Workflow } from '#shared/workflow/workflow';

/** Where a node or a note stands and how big it is drawn. */
export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const ALIGNMENTS = ['left', 'center', 'right', 'top', 'middle', 'bottom', 'spreadX', 'spreadY'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), -Infinity);

function spread(boxes: readonly Box[], at: 'x' | 'y', size: 'width' | 'height'): ReadonlyMap<string, Position> {
  const sorted = boxes.toSorted((a, b) => a[at] - b[at]);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return new Map();
  const total = sorted.reduce((sum, box) => sum + box[size], 0);
  const gap = (last[at] + last[size] - first[at] - total) / Math.max(1, sorted.length - 1);
  let next = first[at];
  return new Map(
    sorted.map((box) => {
      const place = { x: box.x, y: box.y, [at]: next };
      next += box[size] + gap;
      return [box.id, place];
    }),
  );
}

/** One entry an alignment. New places of the boxes, by id; sizes stay. */
const alignments: { readonly [A in Alignment]: (boxes: readonly Box[]) => ReadonlyMap<string, Position> } = {
  left: (boxes) => shift(boxes, (box) => ({ x: least(boxes.map((one) => one.x)), y: box.y })),
  right: (boxes) => shift(boxes, (box) => ({ x: most(boxes.map((one) => one.x + one.width)) - box.width, y: box.y })),
  center: (boxes) => shift(boxes, (box) => ({ x: middle(boxes, 'x', 'width') - box.width / 2, y: box.y })),
  top: (boxes) => shift(boxes, (box) => ({ x: box.x, y: least(boxes.map((one) => one.y)) })),
  bottom: (boxes) => shift(boxes, (box) => ({ x: box.x, y: most(boxes.map((one) => one.y + one.height)) - box.height })),
  middle: (boxes) => shift(boxes, (box) => ({ x: box.x, y: middle(boxes, 'y', 'height') - box.height / 2 })),
  spreadX: (boxes) => spread(boxes, 'x', 'width'),
  spreadY: (boxes) => spread(boxes, 'y', 'height'),
};
const shift = (boxes: readonly Box[], to: (box: Box) => Position): ReadonlyMap<string, Position> => new Map(boxes.map((box) => [box.id, to(box)]));
const middle = (boxes: readonly Box[], at: 'x' | 'y', size: 'width' | 'height'): number =>
  (least(boxes.map((box) => box[at])) + most(boxes.map((box) => box[at] + box[size]))) / 2;

/** Lines boxes up, or spreads them with equal gaps. Fewer than two boxes stay where they are. */
export const align = (boxes: readonly Box[], how: Alignment): ReadonlyMap<string, Position> => (boxes.length < 2 ? new Map() : alignments[how](boxes));

/** The rectangle around boxes, with room on every side; what a group's frame is drawn from. */
export function around(boxes: readonly Box[], room: number): Omit<Box, 'id'> | null {
  if (boxes.length === 0) return null;
  const x = least(boxes.map((box) => box.x)) - room;
  const y = least(boxes.map((box) => box.y)) - room;
  return { x, y, width: most(boxes.map((box) => box.x + box.width)) + room - x, height: most(boxes.map((box) => box.y + box.height)) + room - y };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * Where an arrow key leads from a node: left and right follow the edges (the neighbour nearest in height), up and down go to the
 * node nearest on the screen in that direction, weighing sideways distance double. Null at the edge of the graph.
 */
export function walk(workflow: Workflow, from: string, direction: Direction): string | null {
  const at = workflow.nodes.find((node) => node.id === from);
  if (at === undefined) return null;
  const along = direction === 'right' || direction === 'left';
  if (along) {
    const linked = new Set<string>(workflow.edges.flatMap((edge) => (direction === 'right' ? (edge.source === from ? [edge.target] : []) : edge.target === from ? [edge.source] : [])));
    const near = workflow.nodes.filter((node) => linked.has(node.id)).toSorted((a, b) => Math.abs(a.position.y - at.position.y) - Math.abs(b.position.y - at.position.y))[0];
    if (near !== undefined) return near.id;
  }
  const ahead = (position: Position): number =>
    ({ left: at.position.x - position.x, right: position.x - at.position.x, up: at.position.y - position.y, down: position.y - at.position.y })[direction];
  const aside = (position: Position): number => Math.abs(along ? position.y - at.position.y : position.x - at.position.x);
  return (
    workflow.nodes
      .filter((node) => node.id !== from && ahead(node.position) > 0)
      .toSorted((a, b) => ahead(a.position) + 2 * aside(a.position) - ahead(b.position) - 2 * aside(b.position))[0]?.id ?? null
  );
}
