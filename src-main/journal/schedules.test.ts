import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScheduleId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { anyScheduleHistory, scheduleEvents } from '#shared/schedule/history.testing';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { createJournal, journalOn } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');
const S = ScheduleId.parse('orders');
const conflict = expect.objectContaining({ code: 'conflict' });

/** Everything the tables hold, as text: equal text is equal bytes. */
const dump = (db: Database): string => ['schedules', 'occurrences', 'missed', 'runs'].map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all())).join('\n');

function opened(path = newPath()) {
  const journal = createJournal({ path });
  const behind = new Sqlite(path);
  return { path, journal, behind, close: () => [journal, behind].forEach((one) => one.close()) };
}

const { created, fired, missed, skipped, buffered } = scheduleEvents('orders');
const history = [created(), missed(1, 3, 3), skipped(4, 'why'), buffered(5), ...Array.from({ length: 20 }, (_, n) => fired(10 + n)), buffered(40)];

describe('the tables of schedules', () => {
  it('are rebuilt to the same bytes, from histories appended side by side in small steps', () => {
    fc.assert(
      fc.property(anyScheduleHistory('one', 60), anyScheduleHistory('two', 30), fc.integer({ min: 1, max: 20 }), fc.boolean(), (one, two, batch, atomic) => {
        const { journal, behind, close } = opened();
        const some = (from: number): void => {
          for (const [stream, events] of [['schedule-one', one], ['schedule-two', two]] as const) if (from < events.length) journal.append(stream, from, events.slice(from, from + batch));
          journal.append(`run-r${from}`, 'none', runHistory({ run: `r${from}` }));
        };
        for (let from = 0; from < Math.max(one.length, two.length); from += batch) {
          if (atomic) journal.atomic(() => some(from));
          else some(from);
        }
        const before = dump(behind);
        expect(journal.verify().problems).toEqual([]);
        journal.rebuild();
        expect(dump(behind)).toBe(before);
        behind.exec(`DELETE FROM schedules; UPDATE occurrences SET outcome = 'fired'; INSERT INTO missed VALUES (900, 'one', 1, 2, 2, 3, 'asleep')`);
        expect(journal.verify().problems).not.toEqual([]);
        journal.rebuild();
        expect(dump(behind)).toBe(before);
        close();
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ['a state that says something else', `UPDATE schedules SET state = replace(state, 'Orders', 'Ardors')`, /list of schedules does not say/],
    ['a state that is behind', `UPDATE schedules SET version = version - 1`, /list of schedules does not say/],
    ['a schedule that is passed off as deleted', `UPDATE schedules SET deleted = 1`, /list of schedules does not say/],
    ['a schedule too many', `INSERT INTO schedules VALUES (99, 'x', 1, 0, 1, '', '{}')`, /schedules has 2 rows, the events 1/],
    ['a start that is missing', `DELETE FROM occurrences WHERE nominal_time % 7 = 0`, /list of occurrences does not say/],
    ['a start of another run', `UPDATE occurrences SET run_id = 'other' WHERE run_id = 'run-12'`, /list of occurrences does not say/],
    ['a start of no schedule', `INSERT INTO occurrences VALUES ('x', 1, 'fired', 1, 'r', 'onTime', NULL, NULL)`, /occurrences has 24 rows, the events 23/],
    ['a missed range that is another', `UPDATE missed SET count = 2`, /list of missed occurrences does not say/],
    ['a missed range too many', `INSERT INTO missed VALUES (99, 'x', 1, 2, 2, 1, 'asleep')`, /missed has 2 rows, the events 1/],
  ])('verify finds %s, and a rebuild repairs it', (_what, sql, problem) => {
    const { journal, behind, close } = opened();
    journal.append('schedule-orders', 'none', history);
    const before = dump(behind);
    expect(journal.verify().problems).toEqual([]);
    behind.exec(sql);
    expect(journal.verify().problems.join('\n')).toMatch(problem);
    journal.rebuild();
    expect(dump(behind)).toBe(before);
    close();
  });
});

describe('a state', () => {
  it('is what is stored: the events are not read again', () => {
    const { path, journal, behind, close } = opened();
    journal.append('schedule-orders', 'none', history);
    const before = journal.schedules();
    // Behind the journal's back an early event is changed: only from what is stored comes the state as it was.
    behind.exec(`UPDATE events SET data = '{' WHERE version = 1`);
    close();
    const again = createJournal({ path });
    expect(again.schedules()).toEqual(before);
    expect(again.schedule(S)).toEqual(before[0]);
    again.append('schedule-orders', 'any', [fired(50)]);
    expect(again.schedule(S)).toMatchObject({ fires: 21, version: history.length + 1 });
    again.close();
  });

  it.each([
    ['damaged', `UPDATE schedules SET state = replace(state, '"fires":20', '"fires":21')`],
    ['no JSON any more', `UPDATE schedules SET state = substr(state, 1, 50)`],
    ['of an older schema', `UPDATE schedules SET schema = 0, state = '{"old":true}'`],
    ['behind its events', `UPDATE schedules SET version = 3`],
  ])('that is %s is folded from the events, and written anew by whoever may write', (_what, sql) => {
    const path = newPath();
    const first = opened(path);
    first.journal.append('schedule-orders', 'none', history);
    const [before, bytes] = [first.journal.schedules(), dump(first.behind)];
    first.behind.exec(sql);
    first.close();
    const reader = createJournal({ path, readOnly: true });
    expect(reader.schedules()).toEqual(before);
    expect(reader.schedule(S)).toEqual(before[0]);
    expect(reader.occurrences({}, 0, 1).rows[0]?.workflowName).toBe('Orders');
    reader.close();
    const { journal, behind, close } = opened(path);
    expect(dump(behind)).not.toBe(bytes);
    expect(journal.schedules()).toEqual(before);
    expect(dump(behind)).toBe(bytes);
    behind.exec(sql);
    // Nobody has asked for it: the next event finds out by itself.
    journal.append('schedule-orders', 'any', [fired(50)]);
    expect(journal.schedule(S)).toMatchObject({ fires: 21, version: history.length + 1 });
    expect(journal.verify().problems).toEqual([]);
    close();
  });

  it('whose row is gone is still the fold of its events', () => {
    const { journal, behind, close } = opened();
    journal.append('schedule-orders', 'none', history);
    const before = journal.schedule(S);
    behind.exec('DELETE FROM schedules');
    expect(journal.schedule(S)).toEqual(before);
    journal.append('schedule-orders', 'any', [fired(50)]);
    expect(journal.schedules()).toMatchObject([{ fires: 21 }]);
    close();
  });

  it('of a stream with a damaged event is the fold of the others', () => {
    const { journal, behind, close } = opened();
    journal.append('schedule-orders', 'none', history);
    behind.exec(`UPDATE events SET data = '{' WHERE version = 9; UPDATE schedules SET hash = ''`);
    expect(journal.schedule(S)).toMatchObject({ fires: 19, version: history.length });
    journal.rebuild();
    expect(journal.schedule(S)).toMatchObject({ fires: 19, version: history.length });
    expect(journal.occurrences({ outcomes: ['fired'] }, 0, 1).total).toBe(19);
    close();
  });
});

describe('a start', () => {
  it('of one occurrence happens once, from two connections too, and the loser leaves nothing', () => {
    const path = newPath();
    const [one, two] = [createJournal({ path }), createJournal({ path })];
    one.append('schedule-orders', 'none', [created()]);
    const start = (journal: typeof one, minute: number, run: string): void =>
      journal.atomic(() => {
        journal.append(`run-${run}`, 'none', runHistory({ run }).slice(0, 1));
        journal.append('schedule-orders', 'any', [{ ...fired(minute, run), id: `fired-${run}` }]);
      });
    for (let minute = 1; minute <= 20; minute += 1) {
      const [first, second] = minute % 3 === 0 ? [two, one] : [one, two];
      start(first, minute, `w${minute}`);
      expect(() => start(second, minute, `l${minute}`)).toThrow(conflict);
    }
    for (const journal of [one, two]) {
      expect(journal.runs({}, 0, 99).rows.every((row) => row.id.startsWith('w'))).toBe(true);
      expect(journal.occurrences({}, 0, 99).rows.map((row) => row.runId)).toEqual(Array.from({ length: 20 }, (_, n) => `w${20 - n}`));
      expect(journal.schedule(S)).toMatchObject({ fires: 20, version: 21 });
      expect(journal.verify()).toMatchObject({ events: 41, chained: 41, problems: [] });
    }
    for (const journal of [one, two]) journal.close();
  });

  it('waits for the disk, and so do a pause and its end', () => {
    const path = newPath();
    const db = openDatabase(path);
    const journal = journalOn(db, { path });
    const { created: begin, skipped: skip, fired: fire, paused, resumed } = scheduleEvents('orders');
    const classes = [begin(), skip(1), fire(2), skip(3), paused('x'), skip(4), resumed(5)].map((event) => {
      journal.append('schedule-orders', 'any', [event]);
      return db.pragma('synchronous', { simple: true });
    });
    expect(classes).toEqual([1, 1, 2, 1, 2, 1, 2]);
    journal.atomic(() => journal.append('schedule-orders', 'any', [skip(6)]));
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    journal.close();
  });

  it('on a full disk is neither there nor its run, alone and among others, and it goes on when there is room', () => {
    const path = newPath();
    const db = openDatabase(path);
    const journal = journalOn(db, { path });
    journal.append('schedule-orders', 'none', [created()]);
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
    const start = (minute: number): void =>
      journal.atomic(() => {
        journal.append('schedule-orders', 'any', [{ ...fired(minute), id: `fired-${minute}` }]);
        journal.append(`run-run-${minute}`, 'none', runHistory({ run: `run-${minute}`, ballast: 'x'.repeat(200_000) }).slice(0, 1));
      });
    const full = expect.objectContaining({ code: 'io', message: expect.stringMatching(/disk is full|could not be written/) as string });
    expect(() => start(1)).toThrow(full);
    expect(() => journal.together(() => start(1))).toThrow(expect.objectContaining({ code: 'io' }));
    expect(() =>
      journal.together(() => {
        expect(() => start(1)).toThrow(full);
        expect(() => start(2)).toThrow(full);
      }),
    ).toThrow(expect.objectContaining({ code: 'io' }));
    expect([journal.lastPosition(), journal.schedule(S)?.fires, journal.occurrences({}, 0, 9).total]).toEqual([1, 0, 0]);
    db.pragma('max_page_count = 1000000');
    start(1);
    expect(journal.schedule(S)?.fires).toBe(1);
    expect(journal.verify()).toMatchObject({ events: 3, problems: [] });
    journal.close();
  });
});

/** The shape of the list's own question. */
const union = (condition: string): string =>
  `SELECT nominal_time AS n, schedule_id AS s, 0 AS position FROM occurrences${condition} UNION ALL SELECT nominal_time AS n, schedule_id AS s, position FROM missed ORDER BY n DESC, s DESC, position DESC LIMIT 9`;

describe('what is asked of many', () => {
  it('comes from indices', () => {
    const path = newPath();
    createJournal({ path }).close();
    const db = new Sqlite(path, { readonly: true });
    const plan = (sql: string): string => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    expect(plan(union(''))).toMatch(/occurrences_by_time.*missed_by_time/);
    // Only what has both terms in common is sorted: one row, as a rule.
    expect(plan(union(''))).not.toMatch(/TEMP B-TREE FOR (ORDER BY|LAST 2)/);
    expect(plan(union(` WHERE outcome IN ('skipped') AND outcome <> 'fired'`))).toMatch(/occurrences_without_run/);
    expect(plan(`SELECT position FROM missed WHERE schedule_id = 'a' AND last_nominal_time >= 1 AND nominal_time <= 1 ORDER BY position DESC LIMIT 1`)).toMatch(/missed_by_schedule/);
    db.close();
  });
});

describe('a journal of before there were schedules', () => {
  it('is read as it is, and brought up to date by the next writer', () => {
    const { path, journal, behind, close } = opened();
    journal.append('run-r1', 'none', runHistory({ run: 'r1' }));
    behind.exec('DROP TABLE schedules; DROP TABLE occurrences; DROP TABLE missed; PRAGMA user_version = 2');
    close();
    const reader = createJournal({ path, readOnly: true });
    expect([reader.schedules(), reader.schedule(S), reader.occurrences({}, 0, 9), reader.verify().problems]).toEqual([[], null, { rows: [], total: 0 }, []]);
    reader.close();
    const writer = createJournal({ path });
    writer.append('schedule-orders', 'none', history);
    expect(writer.schedules()).toHaveLength(1);
    expect(writer.verify().problems).toEqual([]);
    writer.close();
  });
});
