import { describe, expect, it } from 'vitest';
import { firstView } from './first-view.tsx';

const row = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index), x: 80 + index * 280, y: 160, width: 216, height: 54 }));
const pane = { width: 840, height: 588 };

describe('firstView', () => {
  it('shows a small workflow whole, in the middle and never enlarged', () => {
    const { x, y, zoom } = firstView(row(2), pane);
    expect(zoom).toBe(1);
    expect(x + 80).toBe((840 - 496) / 2);
    expect(y + 160).toBe((588 - 54) / 2);
  });
  it('shrinks only as far as text can be read, then begins at the start of the flow', () => {
    const { x, zoom } = firstView(row(20), pane);
    expect(zoom).toBe(0.65);
    expect(x + 80 * zoom).toBe(28);
  });
  it('keeps the start in sight where the workflow is higher than the pane', () => {
    const tall = [...Array.from({ length: 40 }, (_, index) => ({ id: `t${String(index)}`, x: 400, y: index * 100, width: 216, height: 54 })), { id: 'start', x: 0, y: 2000, width: 216, height: 54 }];
    const { y, zoom } = firstView(tall, pane);
    expect(y + (2000 + 27) * zoom).toBeCloseTo(294);
  });
  it('has an answer for an empty canvas', () => expect(firstView([], pane)).toEqual({ x: 0, y: 0, zoom: 1 }));
});
