import { expect, it } from 'vitest';
import type { Sample } from '#shared/data';
import { WorkflowNode } from '#shared/workflow/workflow';
import { PIN_CHARACTERS, pinnedRows, pinOf } from './pin.ts';

const sample = (rows: number, text = 'x', partial = false): Sample => ({ columns: [{ name: 'a', type: 'VARCHAR' }], rows: Array.from({ length: rows }, () => [text]), partial });
const node = (pin: unknown): WorkflowNode => ({ ...WorkflowNode.parse({ id: 'n', type: 'source', nodeType: 'file.csv' }), pin }) as WorkflowNode;

it('pins every port, with its columns', () => {
  const pinned = pinOf(new Map([['out', sample(3)], ['error', sample(0)]]));
  expect(pinned).toMatchObject({ rows: 3, partial: false });
  expect(pinned.pin['out']).toEqual({ columns: [{ name: 'a', type: 'VARCHAR' }], rows: [['x'], ['x'], ['x']] });
  expect(pinned.pin['error']?.rows).toEqual([]);
});

it('says when there were more rows than it keeps', () => {
  expect(pinOf(new Map([['out', sample(2, 'x', true)]])).partial).toBe(true);
  const large = pinOf(new Map([['out', sample(1000, 'y'.repeat(PIN_CHARACTERS / 100))]]));
  expect(large).toMatchObject({ rows: 99, partial: true });
  expect(JSON.stringify(large.pin).length).toBeLessThan(PIN_CHARACTERS + 200);
});

it('counts what is pinned, and survives a pin that is none', () => {
  expect(pinnedRows(node(undefined))).toBe(null);
  expect(pinnedRows(node(pinOf(new Map([['out', sample(3)], ['rest', sample(2)]])).pin))).toBe(5);
  expect(pinnedRows(node([{ a: 1 }]))).toBe(0);
});
