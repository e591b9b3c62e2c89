import { describe, expect, it } from 'vitest';
import type { RunRow } from '#shared/contract/runs';
import { chooseRun, clearFilters, setListState, useListState } from './list-state.ts';

const row = (id: string): RunRow => ({ id, workflowId: 'w', workflowName: 'W', status: 'completed', trigger: 'manual', requestedAt: 0, startedAt: 0, endedAt: 1, durationMs: 1, rowsOut: 0, error: null, version: 3 }) as unknown as RunRow;
const ids = (rows: readonly RunRow[]): string[] => rows.map((one) => one.id);

describe('runs chosen to be compared', () => {
  it('are two at most: a third takes the place of the first', () => expect(ids(['a', 'b', 'c'].map(row).reduce(chooseRun, []))).toEqual(['b', 'c']));
  it('are taken out by choosing them again', () => expect(ids(['a', 'b', 'a'].map(row).reduce(chooseRun, []))).toEqual(['b']));
  it('stay when the filters are cleared', () => {
    setListState({ search: 'x', statuses: ['failed'], chosen: [row('a')] });
    clearFilters();
    expect(useListState.getState()).toMatchObject({ search: '', statuses: [], range: 'any', chosen: [{ id: 'a' }] });
  });
});
