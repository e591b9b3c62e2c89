import { useReactFlow, useStore } from '@xyflow/react';
import type { Viewport } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { Box } from '../stores/edit/arrange.ts';
import type { CanvasNode } from './flow-elements.ts';

/** Below this scale a card's text can't be read. */
const READABLE = 0.65;
const MARGIN = 28;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Where the canvas looks first: at the whole when it can be read like that, else at the place where the flow begins, which is
 * its leftmost box.
 */
export function firstView(boxes: readonly Box[], pane: Size): { readonly x: number; readonly y: number; readonly zoom: number } {
  const [any] = boxes;
  if (any === undefined) return { x: 0, y: 0, zoom: 1 };
  const begin = boxes.reduce((first, box) => (box.x < first.x || (box.x === first.x && box.y < first.y) ? box : first), any);
  const left = begin.x;
  const top = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - top;
  const [roomX, roomY] = [pane.width - 2 * MARGIN, pane.height - 2 * MARGIN];
  const zoom = Math.min(1, Math.max(READABLE, Math.min(roomX / width, roomY / height)));
  const x = width * zoom <= roomX ? (pane.width - width * zoom) / 2 - left * zoom : MARGIN - left * zoom;
  if (height * zoom <= roomY) return { x, y: (pane.height - height * zoom) / 2 - top * zoom, zoom };
  const fromTop = (begin.y - top + begin.height) * zoom <= roomY;
  return { x, y: fromTop ? MARGIN - top * zoom : pane.height / 2 - (begin.y + begin.height / 2) * zoom, zoom };
}

const same = (a: Viewport, b: Viewport): boolean => Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) < 1 && a.zoom === b.zoom;

interface FirstViewProps {
  readonly nodes: readonly CanvasNode[];
  /** Takes it anew when the pane changes its size, until the person has moved the view. */
  readonly follows?: boolean;
}

/** Takes the first view once the canvas has its size; from then on the view is the person's. */
export function FirstView({ nodes, follows = false }: FirstViewProps) {
  const { getViewport, setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const taken = useRef<Viewport | null>(null);
  useEffect(() => {
    if (width === 0 || height === 0) return;
    if (taken.current !== null && !(follows && same(taken.current, getViewport()))) return;
    const view = firstView(nodes.map((node) => ({ id: node.id, ...node.position, width: node.width ?? 0, height: node.height ?? 0 })), { width, height });
    taken.current = view;
    void setViewport(view);
  }, [nodes, width, height, follows, getViewport, setViewport]);
  return null;
}
