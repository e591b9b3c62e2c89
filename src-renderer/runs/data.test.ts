import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '#shared/node-spec';
import type { NodeKey } from '#shared/node-spec';
import { replay } from '#shared/run/evolve';
import { columnWidths, isNumeric } from './column-width.ts';
import { outletsOf } from './node-outlets.ts';
import { profileOf } from './profile.ts';
import { rowsWritten, segmentLeft, workedFor } from './run-facts.ts';
import { nodeNames, workflowOf } from './run-workflow.ts';
import { id, recoveredRun, sampleRun } from './run.testing.ts';
import { boundsOf } from './time-range.ts';

const run = replay(sampleRun());
if (run === null) throw new Error('no run');
const text = (en: string) => ({ en, zh: en });
const specs = new Map<NodeKey, NodeSpec>([
  [
    'transform/filter.condition',
    { type: 'transform', nodeType: 'filter.condition', label: text('Filter'), summary: text(''), icon: 'filter', inputs: [], outputs: [{ name: 'out', label: text('Passed') }, { name: 'rejected', label: text('Rejected') }], params: [], repeatable: true },
  ],
]);

describe('columns', () => {
  it.each(['BIGINT', 'INTEGER', 'DECIMAL(18,2)', 'DOUBLE', 'UTINYINT', 'HUGEINT'])('%s stands on the right', (type) => expect(isNumeric(type)).toBe(true));
  it.each(['VARCHAR', 'BIGINT[]', 'TIMESTAMP', 'INTERVAL', 'BOOLEAN', 'STRUCT(a INTEGER)'])('%s stands on the left', (type) => expect(isNumeric(type)).toBe(false));
  it('are as wide as they must be, within bounds', () => {
    const [narrow = 0, wide = 0, cjk = 0] = columnWidths({ partial: false, columns: [{ name: 'a', type: 'INT' }, { name: 'b', type: 'VARCHAR' }, { name: 'c', type: 'V' }], rows: [['1', 'x'.repeat(500), '玩具玩具玩具玩具']] });
    expect([narrow, wide]).toEqual([72, 360]);
    expect(cjk).toBeGreaterThan(120);
  });
});

describe('profileOf', () => {
  it('compares numbers as numbers and texts as texts, and counts nulls apart', () => {
    const rows = [['9', 'b'], ['10', 'a'], [null, ''], ['9', 'b']];
    expect(profileOf({ partial: false, columns: [{ name: 'n', type: 'BIGINT' }, { name: 't', type: 'VARCHAR' }], rows })).toEqual([
      { name: 'n', type: 'BIGINT', nulls: 1, distinct: 2, min: '9', max: '10' },
      { name: 't', type: 'VARCHAR', nulls: 0, distinct: 3, min: '', max: 'b' },
    ]);
  });
});

describe('a run’s nodes', () => {
  const workflow = workflowOf(run);
  it('are read from the record', () => expect(workflow?.nodes.map((node) => node.id)).toEqual(['write', 'read', 'keep']));
  it('have the name of their type where they have none', () => {
    const names = nodeNames(run, specs, (said) => said.en);
    expect([names.get('keep')?.label, names.get('read')?.label]).toEqual(['Filter', 'file.csv']);
  });
  it('can be looked at on both sides', () => {
    if (workflow === null) throw new Error('no workflow');
    expect(outletsOf(workflow, 'keep', specs).map(({ direction, node, port }) => [direction, node, port])).toEqual([['out', 'keep', 'out'], ['out', 'keep', 'rejected'], ['in', 'read', 'out']]);
    expect(outletsOf(workflow, 'write', specs).map(({ direction, node, port }) => [direction, node, port])).toEqual([['in', 'keep', 'out']]);
  });
  it('count what reached the sinks', () => expect(rowsWritten(run)).toEqual({ rows: 6, estimated: false }));
  it('tell how long a query will still take, from how far it is', () => {
    const live = { nodes: new Map(), fractions: { s1: 0.25 } };
    const early = replay(sampleRun().slice(0, 4));
    if (early === null) throw new Error('no run');
    expect(segmentLeft(early, live, 2000)).toEqual({ fraction: 0.25, leftMs: 3000 });
    expect(segmentLeft(run, live, 2000)).toBeNull();
  });
  it('count a running sink by what is known of it', () => {
    const going = replay(sampleRun().slice(0, 7));
    if (going === null) throw new Error('no run');
    const write = id('write');
    const nodes = new Map([[write as string, { node: write, rowsIn: 4, rowsOut: {}, estimated: true, rowsPerSecond: 1 }]]);
    expect(rowsWritten(going, { nodes, fractions: {} })).toEqual({ rows: 4, estimated: true });
  });
});

const workedAfter = (count: number, now: number) => {
  const then = replay(recoveredRun().slice(0, count));
  return then === null ? undefined : workedFor(then, now);
};

describe('how long a run was worked on', () => {
  const later = 2000 + 8 * 3_600_000;
  it('is nothing before it starts', () => expect(workedAfter(1, 5000)).toBeNull());
  it('grows while it runs', () => expect(workedAfter(6, 2500)).toBe(1500));
  it('stands still while the run does', () => expect([workedAfter(9, later), workedAfter(10, later)]).toEqual([2000, 2000]));
  it('is not known where an interruption left no trace of it', () => {
    const still = replay(recoveredRun().slice(0, 9));
    if (still === null) throw new Error('no run');
    expect(workedFor({ ...still, workedMs: 0 }, later)).toBeNull();
  });
  it('goes on from there', () => expect(workedAfter(14, later + 300)).toBe(2300));
  it('is what its end says', () => expect(workedAfter(16, 0)).toBe(4000));
});

describe('the time that the list looks at', () => {
  const days = { from: '2026-03-28', to: '2026-03-29' };
  it('keeps its answer within a minute', () => expect(boundsOf('hour', days, 3_600_000 + 59_999)).toEqual({ from: 0 }));
  it('has no start for any time', () => expect(boundsOf('any', days, 5)).toEqual({}));
  it('is whole days, the last one too', () => expect(boundsOf('between', days, 0)).toEqual({ from: new Date(2026, 2, 28).getTime(), to: new Date(2026, 2, 30).getTime() - 1 }));
  it('is open where a day is left out', () => {
    expect(boundsOf('between', { from: '', to: days.to }, 0)).toEqual({ to: new Date(2026, 2, 30).getTime() - 1 });
    expect(boundsOf('between', { from: '', to: '' }, 0)).toEqual({});
  });
});
