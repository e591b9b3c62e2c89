import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStream, scheduleStream } from '#shared/events';
import type { NewEvent } from '#shared/events';
import { RunId, ScheduleId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { anyScheduleHistory, scheduleEvents } from '#shared/schedule/history.testing';
import { evolveSchedule } from '#shared/schedule/state';
import type { ScheduleState } from '#shared/schedule/state';
import type { Journal, OccurrenceFilter } from './journal.ts';

const MINUTE = 60_000;
const T = 1_767_225_600_000;
const S = ScheduleId.parse('orders');
const conflict = expect.objectContaining({ code: 'conflict' });

const foldAll = (events: readonly NewEvent[]): ScheduleState | null => events.reduce<ScheduleState | null>((state, event) => evolveSchedule(state, event), null);

const request = (run: string): NewEvent[] => runHistory({ run }).slice(0, 1);
const typesHeard = (journal: Journal): string[] => {
  const heard: string[] = [];
  journal.subscribe((events) => heard.push(...events.map((event) => event.type)));
  return heard;
};

/** What every journal does with schedules, whatever it writes to. */
export function scheduleFeatures(make: () => Journal): void {
  let journal: Journal;
  beforeEach(() => {
    journal = make();
  });
  afterEach(() => {
    expect(journal.verify().problems).toEqual([]);
    journal.close();
  });
  const { created, fired, skipped, missed, buffered, deleted, edited, paused } = scheduleEvents('orders', T);
  const append = (...events: readonly NewEvent[]): void => void journal.append(scheduleStream('orders'), 'any', events);
  const fire = (minute: number, run: string): void => {
    append(fired(minute, run));
    journal.append(runStream(run), 'none', request(run));
  };
  const rows = (filter: OccurrenceFilter = {}): unknown[] => journal.occurrences(filter, 0, 100).rows.map(({ outcome, nominalTime, lastNominalTime, count }) => [outcome, (nominalTime - T) / MINUTE, (lastNominalTime - T) / MINUTE, count]);

  describe('schedules', () => {
    it('are what their events fold to, by id; one that was deleted is in no list and can still be asked for', () => {
      expect(journal.schedules()).toEqual([]);
      expect(journal.schedule(S)).toBeNull();
      const other = scheduleEvents('a-first', T);
      append(created(), paused('wait'));
      journal.append(scheduleStream('a-first'), 'none', [other.created()]);
      expect(journal.schedules().map((one) => [one.id, one.version, one.paused?.note ?? null])).toEqual([['a-first', 1, null], ['orders', 2, 'wait']]);
      expect(journal.schedule(S)).toEqual(foldAll(journal.read(scheduleStream('orders'))));
      append(deleted());
      expect(journal.schedules().map((one) => one.id)).toEqual(['a-first']);
      expect(journal.schedule(S)).toMatchObject({ deleted: true, version: 3 });
      append(created());
      expect(journal.schedules()).toHaveLength(2);
    });

    it('take no event of another schedule, nor any before they were created', () => {
      expect(() => append(fired(1))).toThrow(conflict);
      expect(() => journal.append(scheduleStream('other'), 'any', [created()])).toThrow(expect.objectContaining({ code: 'internal' }));
      expect(journal.lastPosition()).toBe(0);
    });
  });

  describe('occurrences', () => {
    it('are listed newest first with all that is known of them', () => {
      append(created(), missed(1, 4, 4), skipped(5, 'a reason'), buffered(6), fired(7));
      const { rows: found, total } = journal.occurrences({}, 0, 10);
      expect(total).toBe(4);
      const of = { scheduleId: S, workflowId: 'orders', workflowName: 'Orders', runId: null, how: null, reason: null, detail: null };
      expect(found).toEqual([
        { ...of, outcome: 'fired', nominalTime: T + 7 * MINUTE, lastNominalTime: T + 7 * MINUTE, count: 1, at: expect.any(Number) as number, runId: 'run-7', how: 'onTime' },
        { ...of, outcome: 'buffered', nominalTime: T + 6 * MINUTE, lastNominalTime: T + 6 * MINUTE, count: 1, at: expect.any(Number) as number, how: 'catchUp' },
        { ...of, outcome: 'skipped', nominalTime: T + 5 * MINUTE, lastNominalTime: T + 5 * MINUTE, count: 1, at: expect.any(Number) as number, reason: 'overlap', detail: 'a reason' },
        { ...of, outcome: 'missed', nominalTime: T + MINUTE, lastNominalTime: T + 4 * MINUTE, count: 4, at: expect.any(Number) as number, reason: 'asleep' },
      ]);
    });

    it('go from buffered to fired or skipped, from skipped to fired or buffered, and the one that was missed is then no longer', () => {
      append(created(), buffered(1), buffered(2), missed(3, 5, 3), skipped(6), skipped(7), missed(8, 8, 1));
      append(fired(1), skipped(2), fired(4), buffered(5), fired(6), buffered(7), fired(8));
      expect(rows()).toEqual([
        ['fired', 8, 8, 1], ['buffered', 7, 7, 1], ['fired', 6, 6, 1], ['buffered', 5, 5, 1], ['fired', 4, 4, 1], ['missed', 3, 5, 1], ['skipped', 2, 2, 1], ['fired', 1, 1, 1],
      ]);
      append(fired(5), fired(3));
      expect(rows({ outcomes: ['missed'] })).toEqual([]);
      expect(journal.schedule(S)?.buffered).toEqual([{ nominalTime: T + 7 * MINUTE, how: 'catchUp' }]);
    });

    it('that have fired stay so: a second start, a skip and a buffering are refused, with all that shares their append', () => {
      append(created(), fired(1));
      for (const second of [fired(1, 'another'), skipped(1), buffered(1)]) expect(() => append(missed(2, 3, 2), second)).toThrow(conflict);
      expect(() => append(fired(2), fired(2, 'another'))).toThrow(conflict);
      expect(rows()).toEqual([['fired', 1, 1, 1]]);
      expect(journal.occurrences({}, 0, 1).rows[0]?.runId).toBe('run-1');
      expect(journal.schedule(S)).toMatchObject({ fires: 1, version: 2 });
      append(fired(2));
      expect(rows()).toHaveLength(2);
    });

    it('sent again with the same ids are written once', () => {
      const batch = [created(), fired(1)];
      append(...batch);
      append(...batch);
      expect(journal.schedule(S)).toMatchObject({ fires: 1, version: 2 });
    });

    it('that wait when their schedule is deleted are skipped by that', () => {
      append(created(), buffered(1), buffered(2), fired(1), deleted());
      expect(journal.occurrences({ outcomes: ['skipped'] }, 0, 9).rows).toMatchObject([{ nominalTime: T + 2 * MINUTE, reason: 'invalid', detail: 'gone', how: null }]);
    });

    it('are found by schedule, outcome and time, in pages', () => {
      const other = scheduleEvents('z-other', T);
      append(created(), missed(1, 4, 4), fired(5), skipped(6), fired(7));
      journal.append(scheduleStream('z-other'), 'none', [other.created(), other.fired(5), other.buffered(8)]);
      const at = (minute: number): number => T + minute * MINUTE;
      expect(rows({ scheduleId: S })).toHaveLength(4);
      expect(rows({ outcomes: [] })).toEqual([]);
      expect(rows({ outcomes: ['fired'], scheduleId: ScheduleId.parse('z-other') })).toEqual([['fired', 5, 5, 1]]);
      expect(rows({ outcomes: ['skipped', 'buffered'] })).toEqual([['buffered', 8, 8, 1], ['skipped', 6, 6, 1]]);
      expect(rows({ outcomes: ['missed', 'fired'], from: at(4), to: at(5) })).toEqual([['fired', 5, 5, 1], ['fired', 5, 5, 1], ['missed', 1, 4, 4]]);
      expect(rows({ from: at(5), to: at(5) })).toHaveLength(2);
      expect(rows({ to: at(1) })).toEqual([['missed', 1, 4, 4]]);
      const page = journal.occurrences({}, 1, 3);
      expect(page.total).toBe(6);
      expect(page.rows.map((row) => [row.scheduleId, row.outcome])).toEqual([['orders', 'fired'], ['orders', 'skipped'], ['z-other', 'fired']]);
      expect(journal.occurrences({}, 6, 3)).toEqual({ rows: [], total: 6 });
    });

    it('carry the name their workflow has now, and outlive the run they started', () => {
      append(created(), fired(1));
      journal.append(runStream('run-1'), 'none', runHistory({ run: 'run-1' }));
      expect(journal.remove({ endedBefore: null, keep: 0 }, { limit: 9, at: T, id: 'removed' })).toEqual(['run-1']);
      append(edited('New name'));
      expect(journal.run(RunId.parse('run-1'))).toBeNull();
      expect(journal.occurrences({}, 0, 9).rows).toMatchObject([{ runId: 'run-1', workflowName: 'New name', outcome: 'fired' }]);
      expect(journal.schedules()).toHaveLength(1);
    });
  });

  it('says of any history what its fold says, in any batches, and of no occurrence two things', () => {
    fc.assert(
      fc.property(anyScheduleHistory('any', 40), fc.integer({ min: 1, max: 9 }), (history, batch) => {
        const own = make();
        try {
          const stream = scheduleStream('any');
          for (let from = 0; from < history.length; from += batch) own.append(stream, from, history.slice(from, from + batch));
          const state = foldAll(history);
          const id = ScheduleId.parse('any');
          expect(own.schedule(id)).toEqual(state);
          expect(own.schedules()).toEqual(state === null || state.deleted ? [] : [state]);
          const { rows: found, total } = own.occurrences({ scheduleId: id }, 0, 1000);
          expect(total).toBe(found.length);
          const single = found.filter((row) => row.outcome !== 'missed');
          expect(new Set(single.map((row) => row.nominalTime)).size).toBe(single.length);
          const of = (outcome: string): number[] => single.filter((row) => row.outcome === outcome).map((row) => row.nominalTime).toReversed();
          expect(of('buffered')).toEqual(state?.buffered.map((one) => one.nominalTime));
          const starts = history.flatMap((event) => (event.type === 'ScheduleFired' ? [event.data.nominalTime] : []));
          expect(of('fired')).toEqual(starts.toSorted((a, b) => a - b));
          const before = JSON.stringify([own.schedules(), found]);
          own.rebuild();
          expect(JSON.stringify([own.schedules(), own.occurrences({ scheduleId: id }, 0, 1000).rows])).toBe(before);
          expect(own.verify().problems).toEqual([]);
        } finally {
          own.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  describe('atomic', () => {
    it('writes all and answers what its work answers; listeners hear of it afterwards', () => {
      append(created());
      const heard = typesHeard(journal);
      const answer = journal.atomic(() => {
        fire(1, 'r1');
        expect(heard).toEqual([]);
        return 7;
      });
      expect(answer).toBe(7);
      expect(heard).toEqual(['ScheduleFired', 'WorkflowRequested']);
      expect(journal.run(RunId.parse('r1'))?.status).toBe('queued');
    });

    it.each([
      ['its work throws at the end', () => {
        throw new Error('on purpose');
      }],
      ['an append in it is refused', () => append(fired(1, 'again'))],
      ['an append in it has the wrong version', () => void journal.append(runStream('r1'), 5, runHistory({ run: 'r1' }).slice(1, 2))],
      ['an append in it is not of its shape', () => append({ ...fired(9), at: Number.NaN })],
    ])('writes nothing where %s, also where somebody caught that, and goes on afterwards', (_what, fail) => {
      append(created());
      journal.append(runStream('r0'), 'none', request('r0'));
      const heard = typesHeard(journal);
      const before = [journal.lastPosition(), journal.schedule(S), journal.stats().head];
      for (const catching of [false, true]) {
        expect(() =>
          journal.atomic(() => {
            journal.append(runStream('r0'), 1, runHistory({ run: 'r0' }).slice(1, 4));
            fire(1, 'r1');
            try {
              fail();
            } catch (error) {
              if (!catching || !('code' in (error as object))) throw error;
            }
          }),
        ).toThrow();
        expect([journal.lastPosition(), journal.schedule(S), journal.stats().head]).toEqual(before);
        expect(journal.run(RunId.parse('r1'))).toBeNull();
        expect(journal.run(RunId.parse('r0'))).toMatchObject({ version: 1, status: 'queued' });
        expect(journal.runs({}, 0, 9).total).toBe(1);
        expect(rows()).toEqual([]);
        expect(heard).toEqual([]);
      }
      journal.atomic(() => fire(1, 'r1'));
      journal.append(runStream('r0'), 1, runHistory({ run: 'r0' }).slice(1));
      expect(journal.runs({ status: ['completed'] }, 0, 9).total).toBe(1);
      expect(rows()).toEqual([['fired', 1, 1, 1]]);
    });

    it('within together takes back itself alone', () => {
      append(created());
      const heard = typesHeard(journal);
      journal.together(() => {
        journal.atomic(() => fire(1, 'r1'));
        expect(() =>
          journal.atomic(() => {
            fire(2, 'r2');
            fire(1, 'r3');
          }),
        ).toThrow(conflict);
        journal.append(runStream('r4'), 'none', request('r4'));
        journal.atomic(() => fire(3, 'r5'));
        expect(heard).toEqual([]);
      });
      expect(heard).toEqual(['ScheduleFired', 'WorkflowRequested', 'WorkflowRequested', 'ScheduleFired', 'WorkflowRequested']);
      expect(journal.runs({}, 0, 9).rows.map((row) => row.id)).toEqual(['r5', 'r4', 'r1']);
      expect(rows()).toEqual([['fired', 3, 3, 1], ['fired', 1, 1, 1]]);
      expect(journal.schedule(S)).toMatchObject({ fires: 2, version: 3 });
    });

    it('within atomic is part of it', () => {
      append(created());
      expect(() =>
        journal.atomic(() => {
          fire(1, 'r1');
          expect(() => journal.atomic(() => fire(1, 'r2'))).toThrow(conflict);
          fire(2, 'r3');
        }),
      ).toThrow(conflict);
      expect(journal.lastPosition()).toBe(1);
      journal.atomic(() => {
        journal.atomic(() => fire(1, 'r1'));
        journal.together(() => fire(2, 'r2'));
      });
      expect(journal.runs({}, 0, 9).total).toBe(2);
    });
  });
}
