import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay } from '#shared/run/evolve';
import { recoveredRun, sampleRun } from '../runs/run.testing.ts';
import { countEvents, mergeEvents, nodePairs } from './pairs.ts';

const [plain, recovered] = [sampleRun(), recoveredRun()];
const [left, right] = [replay(plain), replay(recovered)];
if (left === null || right === null) throw new Error('no run');

describe('nodes of two runs', () => {
  it('stand side by side in the order of the first', () => expect(nodePairs(left, right).map((pair) => [pair.id, pair.left?.status, pair.right?.reusedFrom])).toEqual([['write', 'completed', null], ['read', 'completed', 'before'], ['keep', 'completed', null]]));
  it('end with those that only the second has', () => {
    const { read, ...rest } = left.nodes;
    expect(nodePairs({ ...left, nodes: rest }, right).map((pair) => [pair.id, pair.left === null])).toEqual([['write', false], ['keep', false], ['read', true]]);
    expect(read).toBeDefined();
  });
});

describe('events of two runs', () => {
  it('are one list by the time since each began', () => {
    const merged = mergeEvents(plain, recovered);
    expect(merged.slice(0, 4).map(({ side, ms, event }) => [side, ms, event.type])).toEqual([['A', 0, 'WorkflowRequested'], ['B', 0, 'WorkflowRequested'], ['A', 100, 'WorkflowStarted'], ['A', 100, 'NodeExecutionStarted']]);
    expect(merged).toHaveLength(plain.length + recovered.length);
  });
  it('keep their own order whatever the clock did', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: plain.length, maxLength: plain.length }), (shifts) => {
        const shifted = plain.map((event, index) => ({ ...event, at: event.at + (shifts[index] ?? 0) }));
        const merged = mergeEvents(shifted, recovered);
        for (const side of ['A', 'B']) {
          const versions = merged.filter((one) => one.side === side).map((one) => one.event.version);
          expect(versions).toEqual(versions.toSorted((a, b) => a - b));
        }
      }),
    ));
  it('are counted by kind', () => {
    const counts = countEvents(plain, recovered);
    expect(counts.find((one) => one.type === 'NodeExecutionStarted')).toEqual({ type: 'NodeExecutionStarted', left: 4, right: 3 });
    expect(counts.find((one) => one.type === 'NodeOutputReused')).toEqual({ type: 'NodeOutputReused', left: 0, right: 1 });
    expect(counts.reduce((sum, one) => sum + one.left, 0)).toBe(plain.length);
  });
});
