import { describe, expect, it } from 'vitest';
import type { ScheduleView } from '#shared/contract/schedules';
import type { RunId } from '#shared/ids';
import { arrange, countStatuses, nextOfWorkflows } from './list.ts';
import type { SortKey } from './list.ts';
import { aSchedule } from './schedule.testing.ts';

const compare = (a: string, b: string): number => a.localeCompare(b);
const ids = (schedules: readonly ScheduleView[]): string[] => schedules.map((one) => one.id);
const fired = (at: number): Partial<ScheduleView> => ({ lastFired: { nominalTime: at, runId: 'r' as RunId, at, status: 'completed' } });

const all = [
  aSchedule('sales', { next: 300, ...fired(7), expectedMs: 10 }, { label: 'Mornings' }),
  aSchedule('backup', { next: 100, status: 'paused', paused: { by: 'person', note: 'Disk is full', at: 0 } }, { times: { kind: 'interval', every: '15m', timeZone: 'Asia/Tokyo' } }),
  aSchedule('inbox', { status: 'manual', ...fired(9) }, { times: { kind: 'manual' } }),
];
const sorted = (key: SortKey, descending = false): string[] => ids(arrange(all, '', [], { key, descending }, compare));

describe('the list of schedules', () => {
  it.each([
    ['MORN', ['sales']],
    ['tokyo 15m', ['backup']],
    ['full', ['backup']],
    ['sales tokyo', []],
    ['0 8', ['sales']],
    ['', ['backup', 'inbox', 'sales']],
  ])('finds "%s" in names, labels, times and notes', (search, expected) => expect(ids(arrange(all, search, [], { key: 'workflow', descending: false }, compare))).toEqual(expected));
  it('keeps to the chosen states', () => expect(ids(arrange(all, '', ['paused', 'manual'], { key: 'workflow', descending: true }, compare))).toEqual(['inbox', 'backup']));
  it('puts those without a time last, both ways', () => {
    expect(sorted('next')).toEqual(['backup', 'sales', 'inbox']);
    expect(sorted('next', true)).toEqual(['sales', 'backup', 'inbox']);
    expect(sorted('last', true)).toEqual(['inbox', 'sales', 'backup']);
    expect(sorted('takes')).toEqual(['sales', 'backup', 'inbox']);
  });
  it('orders states as they are listed, names within', () => expect(sorted('status')).toEqual(['sales', 'backup', 'inbox']));
  it('counts states', () => expect(countStatuses(all)).toEqual({ scheduled: 1, running: 0, paused: 1, disabled: 0, manual: 1, done: 0 }));
  it('arranges ten thousand in a moment', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => aSchedule(`w${String((n * 7919) % 10_000)}`, { next: (n * 104_729) % 10_007 }));
    arrange(many, 'zurich', [], { key: 'next', descending: false }, compare);
    const start = performance.now();
    expect(arrange(many, 'zurich w9', [], { key: 'next', descending: false }, compare).length).toBeGreaterThan(1000);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

it('of a workflow with several schedules the next one counts', () => {
  const found = nextOfWorkflows([aSchedule('a', { next: 20 }), aSchedule('a:x', { next: 10 }), aSchedule('b'), aSchedule('b:y', { next: 5 })]);
  expect([found.get('a')?.id, found.get('b')?.id]).toEqual(['a:x', 'b:y']);
});
