import { Position } from '@xyflow/react';
import type { NodeHandle } from '@xyflow/react';
import type { Port } from '#shared/node-spec';

/** Sizes of a node's card in canvas pixels. They are known before it is drawn, so that 1,000 nodes need no measuring. */
export const CARD_WIDTH = 216;
export const HEAD_HEIGHT = 54;
const ROW_HEIGHT = 22;
const FOOT = 6;
export const HANDLE = 12;

const rowsOf = (ports: readonly Port[]): number => (ports.length > 1 ? ports.length : 0);

/** A card's height: the head, and a row a port where a side has several. */
export function cardHeight(inputs: readonly Port[], outputs: readonly Port[]): number {
  const rows = Math.max(rowsOf(inputs), rowsOf(outputs));
  return HEAD_HEIGHT + (rows === 0 ? 0 : rows * ROW_HEIGHT + FOOT);
}

/** The middle of a port's handle, from the card's top. */
export const portY = (ports: readonly Port[], index: number): number => (ports.length > 1 ? HEAD_HEIGHT + index * ROW_HEIGHT + ROW_HEIGHT / 2 : HEAD_HEIGHT / 2);

/** Where the handles are, in the words of the canvas library. */
export const handlesOf = (inputs: readonly Port[], outputs: readonly Port[]): NodeHandle[] => [...side(inputs, 'target'), ...side(outputs, 'source')];

const side = (ports: readonly Port[], type: 'source' | 'target'): NodeHandle[] =>
  ports.map((port, index) => ({
    id: port.name,
    type,
    position: type === 'source' ? Position.Right : Position.Left,
    x: (type === 'source' ? CARD_WIDTH : 0) - HANDLE / 2,
    y: portY(ports, index) - HANDLE / 2,
    width: HANDLE,
    height: HANDLE,
  }));
