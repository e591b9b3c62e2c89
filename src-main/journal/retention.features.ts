import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStream } from '#shared/events';
import type { NewEvent } from '#shared/events';
import { NodeId, RunId } from '#shared/ids';
import { replay } from '#shared/run/evolve';
import { anyHistory, runHistory } from '#shared/run/history.testing';
import { isTerminal } from '#shared/run/run';
import type { Journal, RetentionRule } from './journal.ts';

const batch = (limit: number, id = 'removed') => ({ limit, at: 9_000, id });
const ids = (journal: Journal): string[] => journal.runs({}, 0, 1000).rows.map((row) => row.id);
const committed = (run: string, n: number, hash: string): NewEvent => ({
  type: 'NodeOutputCommitted',
  at: 500,
  id: `${run}-kept-${n}`,
  data: { node: NodeId.parse('node-1'), attempt: 1, port: 'out', path: null, rows: 3, bytes: 30 + n, hash },
});
/** A run that keeps outputs before it ends. */
const keeping = (run: string, at: number, hashes: readonly string[], end: 'completed' | 'none' = 'completed'): NewEvent[] => {
  const history = runHistory({ run, at, nodes: 2, end });
  return [...history.slice(0, 3), ...hashes.map((hash, n) => committed(run, n, hash)), ...history.slice(3)];
};

/** What every journal does about runs that are to go. */
export function retentionFeatures(make: () => Journal): void {
  let journal: Journal;
  beforeEach(() => {
    journal = make();
  });
  afterEach(() => journal.close());
  const write = (events: readonly NewEvent[], run: string): void => void journal.append(runStream(run), 'none', events);

  describe('removing runs', () => {
    beforeEach(() => {
      write(runHistory({ run: 'r1', at: 1000, nodes: 3 }), 'r1');
      write(runHistory({ run: 'r2', at: 2000, end: 'none' }), 'r2');
      write(runHistory({ run: 'r3', at: 3000, end: 'failed' }), 'r3');
      write(runHistory({ run: 'r4', at: 4000, end: 'cancelled', workflow: 'stock' }), 'r4');
      write(runHistory({ run: 'r5', at: 5000 }).slice(0, 1), 'r5');
    });

    const rules: readonly (readonly [RetentionRule, readonly string[]])[] = [
      [{ endedBefore: 3000, keep: null }, ['r1']],
      [{ endedBefore: 4000, keep: null }, ['r1', 'r3']],
      [{ endedBefore: null, keep: 1 }, ['r1', 'r3']],
      [{ endedBefore: null, keep: 0 }, ['r1', 'r3', 'r4']],
      [{ endedBefore: 3000, keep: 1 }, ['r1', 'r3']],
      [{ endedBefore: null, keep: null }, []],
      [{ endedBefore: 1, keep: 9 }, []],
    ];
    it.each(rules)('by %j takes %j, and never one that has not ended', (rule, gone) => {
      expect(journal.remove(rule, batch(100))).toEqual(gone);
      expect(ids(journal)).toEqual(['r5', 'r4', 'r3', 'r2', 'r1'].filter((run) => !gone.includes(run)));
      expect(journal.remove(rule, batch(100, 'again'))).toEqual([]);
      expect(journal.verify().problems).toEqual([]);
    });

    it('takes everything of a run but what it counted on its day, and says so in one event', () => {
      journal.log(RunId.parse('r1'), [{ node: null, at: 1, level: 'info', text: 'hello', attempt: null, version: 1 }]);
      const days = journal.days('1970-01-01');
      const { events, runs } = journal.stats();
      expect(journal.remove({ endedBefore: 2000, keep: null }, batch(9))).toEqual(['r1']);
      const r1 = RunId.parse('r1');
      expect([journal.run(r1), journal.read('run-r1'), journal.timeline(r1), journal.logs(r1)]).toEqual([null, [], [], []]);
      expect(journal.days('1970-01-01')).toEqual(days);
      expect(journal.stats()).toMatchObject({ events: events - 9 + 1, runs: runs - 1 });
      expect(journal.read('journal').map(({ type, at, id, data }) => ({ type, at, id, data }))).toEqual([
        { type: 'RunsRemoved', at: 9000, id: 'removed', data: { runs: 1, days: [{ day: '1970-01-01', workflowId: 'orders', completed: 1, failed: 0, cancelled: 0, durationUs: 8000, rowsOut: 998 }] } },
      ]);
      journal.rebuild();
      expect(journal.days('1970-01-01')).toEqual(days);
    });

    it('goes in batches, oldest first', () => {
      const rule = { endedBefore: null, keep: 0 };
      expect(journal.remove(rule, batch(2, 'one'))).toEqual(['r1', 'r3']);
      expect(journal.remove(rule, batch(2, 'two'))).toEqual(['r4']);
      expect(journal.remove(rule, batch(2, 'three'))).toEqual([]);
      expect(journal.verify().problems).toEqual([]);
    });

    it('never gives a position twice, and lets a run of the same name begin anew', () => {
      const last = journal.lastPosition();
      write(runHistory({ run: 'r6', at: 6000, nodes: 2 }), 'r6');
      journal.remove({ endedBefore: null, keep: 0 }, batch(9));
      expect(journal.lastPosition()).toBe(last + 8);
      write(runHistory({ run: 'r6', at: 6000, nodes: 2 }), 'r6');
      expect(journal.read('run-r6').map((event) => [event.version, event.position])[0]).toEqual([1, last + 9]);
      expect(journal.verify().problems).toEqual([]);
    });

    it('tells those who listen', () => {
      const heard: string[] = [];
      journal.subscribe((events) => heard.push(...events.map((event) => event.type)));
      journal.remove({ endedBefore: null, keep: 0 }, batch(9));
      expect(heard).toEqual(['RunsRemoved']);
    });
  });

  describe('kept outputs', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((one) => one.repeat(64)) as [string, string, string];

    it('are known by who refers to them, until nobody does', () => {
      write(keeping('r1', 1000, [a, b]), 'r1');
      write(keeping('r2', 2000, [b]), 'r2');
      write(keeping('r3', 3000, [c], 'none'), 'r3');
      journal.append('run-r3', 'any', [{ type: 'NodeOutputReused', at: 1, id: 'reused', data: { node: NodeId.parse('node-2'), from: RunId.parse('r1'), rowsIn: 1, rowsOut: {}, key: null, outputs: [{ port: 'out', hash: a, rows: 3, bytes: 30 }] } }]);
      const ends = [1, 2].map((n) => journal.run(RunId.parse(`r${n}`))?.endedAt);
      expect(journal.keptOutputs()).toEqual([
        { hash: a, bytes: 30, endedAt: null },
        { hash: b, bytes: 31, endedAt: ends[1] },
        { hash: c, bytes: 30, endedAt: null },
      ]);
      expect(journal.remove({ endedBefore: null, keep: 0 }, batch(9))).toEqual(['r1', 'r2']);
      expect(journal.keptOutputs().map(({ hash }) => hash)).toEqual([a, c]);
      expect(journal.verify().problems).toEqual([]);
    });
  });

  it('whatever happened, only runs that have ended go, and nothing else of the journal changes', () => {
    const step = fc.record({ run: fc.constantFrom(0, 1, 2, 3), events: fc.integer({ min: 1, max: 9 }) });
    const rule = fc.record({ endedBefore: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 })), keep: fc.option(fc.integer({ min: 0, max: 4 })) });
    const histories = fc.tuple(anyHistory('r0', 12), anyHistory('r1', 12), anyHistory('r2', 12), anyHistory('r3', 3));
    fc.assert(
      fc.property(histories, fc.array(step, { maxLength: 12 }), fc.array(rule, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 3 }), (all, steps, rules, limit) => {
        const own = make();
        try {
          const done = [0, 0, 0, 0];
          for (const { run, events } of steps) {
            const from = done[run] ?? 0;
            own.append(`run-r${run}`, 'any', all[run]?.slice(from, from + events) ?? []);
            done[run] = from + events;
          }
          for (const [n, one] of rules.entries()) {
            const before = new Map(ids(own).map((run) => [run, own.read(runStream(run))]));
            const days = own.days('0000');
            const gone = new Set<string>();
            for (let round = 0; ; round += 1) {
              const batched = own.remove(one, batch(limit, `removed-${n}-${round}`));
              if (batched.length === 0) break;
              expect(batched.length).toBeLessThanOrEqual(limit);
              for (const run of batched) gone.add(run);
            }
            expect(own.verify().problems).toEqual([]);
            expect(own.days('0000')).toEqual(days);
            const ended: string[] = [];
            for (const [run, events] of before) {
              const state = replay(events);
              if (state === null) throw new Error('a run without a state');
              if (isTerminal(state.status)) ended.push(run);
              const old = (one.endedBefore !== null && (state.endedAt ?? 0) < one.endedBefore) || (one.keep !== null && ended.length > one.keep);
              expect([run, gone.has(run)]).toEqual([run, isTerminal(state.status) && old]);
              expect(own.read(runStream(run))).toEqual(gone.has(run) ? [] : events);
            }
            expect(ids(own)).toEqual([...before.keys()].filter((run) => !gone.has(run)));
          }
        } finally {
          own.close();
        }
      }),
      { numRuns: 40 },
    );
  });
}
