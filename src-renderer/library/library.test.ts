import { describe, expect, it } from 'vitest';
import type { RunRow } from '#shared/contract/runs';
import type { LibraryEntry } from '#shared/contract/workflows';
import type { RunId, WorkflowId } from '#shared/ids';
import { stripHeights } from './run-strip.tsx';
import { arrange } from './sort.ts';

const run = (requestedAt: number): RunRow => ({ id: `r${requestedAt}` as RunId, workflowId: 'w' as WorkflowId, workflowName: '', status: 'completed', trigger: 'manual', requestedAt, startedAt: null, endedAt: null, durationMs: 1, rowsOut: 0, error: null, version: 1 });
const entry = (name: string, more: Partial<LibraryEntry> = {}): LibraryEntry => ({ id: name as WorkflowId, name, description: '', tags: [], path: `/w/${name}.json`, modifiedAt: 0, nodes: 1, hasDraft: false, lastRuns: [], problem: null, ...more });
const names = (entries: readonly LibraryEntry[]): string[] => entries.map((one) => one.name);
const compare = (a: string, b: string): number => a.localeCompare(b);

describe('arrange', () => {
  const all = [entry('b', { tags: ['daily'], modifiedAt: 3, lastRuns: [run(5)] }), entry('a', { description: 'Sums sales', modifiedAt: 1 }), entry('c', { tags: ['sales', 'daily'], modifiedAt: 2, lastRuns: [run(9)] })];
  it('wants every word, anywhere', () => {
    expect(names(arrange(all, 'SALES', null, { key: 'name', descending: false }, compare))).toEqual(['a', 'c']);
    expect(names(arrange(all, 'sales daily', null, { key: 'name', descending: false }, compare))).toEqual(['c']);
    expect(arrange(all, 'nothing', null, { key: 'name', descending: false }, compare)).toEqual([]);
  });
  it('keeps to a tag', () => expect(names(arrange(all, '', 'daily', { key: 'name', descending: true }, compare))).toEqual(['c', 'b']));
  it('orders by change and by last run, the never run last', () => {
    expect(names(arrange(all, '', null, { key: 'modified', descending: true }, compare))).toEqual(['b', 'c', 'a']);
    expect(names(arrange(all, '', null, { key: 'lastRun', descending: true }, compare))).toEqual(['c', 'b', 'a']);
  });
});

describe('stripHeights', () => {
  it('makes the longest the tallest and keeps a short one visible', () => expect(stripHeights([{ durationMs: 100 }, { durationMs: 25 }, { durationMs: null }])).toEqual([20, 13, 5]));
  it('does not divide by nothing', () => expect(stripHeights([{ durationMs: 0 }])).toEqual([5]));
});
