import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '#shared/events';
import { runHistory } from '#shared/run/history.testing';
import { scheduleEvents } from '#shared/schedule/history.testing';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import type { Journal } from './journal.ts';
import { createJournal, journalOn } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');

/** Everything it says. */
const text = (journal: Journal): string => JSON.stringify([journal.readAll(0, 1000), journal.runs({}, 0, 9), journal.days('0000'), journal.schedules(), journal.occurrences({}, 0, 99), journal.verify()]);

/** What the disk would hold had the process been killed now. */
function freeze(path: string): string {
  const copy = newPath();
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  return copy;
}

/** The same database, but `look` is called before and after every statement that writes. */
function watched(db: Database, look: () => void): Database {
  const prepare = db.prepare.bind(db);
  const watch = (sql: string): unknown => {
    const statement = prepare(sql);
    if (/^\s*(SELECT|PRAGMA)/.test(sql)) return statement;
    const run = statement.run.bind(statement);
    Object.defineProperty(statement, 'run', {
      value: (...values: unknown[]) => {
        look();
        const done = run(...values);
        look();
        return done;
      },
    });
    return statement;
  };
  Object.defineProperty(db, 'prepare', { value: watch });
  return db;
}

const { created, buffered, missed, skipped, fired } = scheduleEvents('orders');
const ofSchedule = {
  begin: [created(), missed(1, 3, 3), buffered(4), skipped(5)],
  fires: [[fired(4)], [fired(6), missed(7, 8, 2)], [fired(2)], [fired(9)]],
};
/** As the scheduler starts a run: the occurrence and the request, or neither. */
const fire = (journal: Journal, events: readonly NewEvent[], run: string): void =>
  journal.atomic(() => {
    journal.append('schedule-orders', 'any', events);
    journal.append(`run-${run}`, 'none', runHistory({ run }).slice(0, 1));
  });

const steps: readonly { readonly what: string; readonly work: (journal: Journal) => void }[] = [
  { what: 'asked for', work: (journal) => journal.append('run-r1', 'none', runHistory({ run: 'r1', nodes: 3 }).slice(0, 1)) },
  ...[1, 2, 3].map((version) => ({ what: `event ${version + 1}`, work: (journal: Journal) => journal.append('run-r1', version, runHistory({ run: 'r1', nodes: 3 }).slice(version, version + 1)) })),
  { what: 'four at once', work: (journal) => journal.append('run-r1', 4, runHistory({ run: 'r1', nodes: 3 }).slice(4, 8)) },
  {
    what: 'two ends in one commit',
    work: (journal) =>
      journal.together(() => {
        journal.append('run-r1', 8, runHistory({ run: 'r1', nodes: 3 }).slice(8));
        journal.append('run-r2', 'none', runHistory({ run: 'r2', nodes: 2 }));
      }),
  },
  { what: 'a run of 123 events with its snapshot', work: (journal) => journal.append('run-r3', 'none', runHistory({ run: 'r3', nodes: 60 })) },
  { what: 'two runs removed', work: (journal) => journal.remove({ endedBefore: null, keep: 1 }, { limit: 9, at: 5, id: 'removed' }) },
  { what: 'shrunk', work: (journal) => void journal.shrink(9) },
  { what: 'a schedule', work: (journal) => journal.append('schedule-orders', 'none', ofSchedule.begin) },
  { what: 'a fire', work: (journal) => fire(journal, ofSchedule.fires[0] ?? [], 'f0') },
  {
    what: 'two fires and a request in one commit, and a fire that is refused',
    work: (journal) =>
      journal.together(() => {
        fire(journal, ofSchedule.fires[1] ?? [], 'f1');
        expect(() => fire(journal, [{ ...fired(4), id: 'again' }], 'f9')).toThrow(expect.objectContaining({ code: 'conflict' }));
        journal.append('run-r9', 'none', runHistory({ run: 'r9' }).slice(0, 1));
        fire(journal, ofSchedule.fires[2] ?? [], 'f2');
      }),
  },
  { what: 'a last fire', work: (journal) => fire(journal, ofSchedule.fires[3] ?? [], 'f3') },
];

describe('killed before or after any statement', () => {
  it('the journal holds all of what was acknowledged, all or nothing of what was going on, and goes on to the same end', () => {
    const path = newPath();
    const moments: { readonly copy: string; readonly step: number }[] = [];
    const before: string[] = [];
    let step = 0;
    const db = watched(openDatabase(path), () => moments.push({ copy: freeze(path), step }));
    const journal = journalOn(db, { path });
    for (const { work } of steps) {
      before.push(text(journal));
      work(journal);
      step += 1;
    }
    before.push(text(journal));
    journal.close();
    expect(moments.length).toBeGreaterThan(60);
    const seen = new Set<string>();
    for (const { copy, step: during } of moments) {
      const bytes = `${readFileSync(copy).toString('base64')}${existsSync(`${copy}-wal`) ? readFileSync(`${copy}-wal`).toString('base64') : ''}`;
      if (seen.has(bytes)) continue;
      seen.add(bytes);
      const again = createJournal({ path: copy });
      const found = text(again);
      expect([before[during], before[during + 1]]).toContain(found);
      // An occurrence that has fired has its run, and a run of an occurrence has fired.
      const runs = again.runs({ search: 'f' }, 0, 99).rows.map((row) => row.id).filter((id) => id.startsWith('f'));
      expect(again.occurrences({ outcomes: ['fired'] }, 0, 99).total).toBe(runs.length);
      expect(again.verify().problems).toEqual([]);
      for (const { work } of steps.slice(found === before[during] ? during : during + 1)) work(again);
      expect(text(again)).toBe(before.at(-1));
      again.close();
    }
    // What is not committed is not in the file: a few of the many moments differ.
    expect(seen.size).toBeGreaterThanOrEqual(steps.length);
  });
});

describe('a write-ahead log that lost its end, or went bad', () => {
  const history: readonly NewEvent[] = ['r1', 'r2', 'r3'].flatMap((run) => runHistory({ run, nodes: 15 }));
  const safe = 40;
  const written = (): { readonly file: string; readonly wal: Buffer } => {
    const path = newPath();
    const journal = createJournal({ path });
    history.forEach((event, index) => {
      journal.append(`run-${event.id.split('-')[0]}`, 'any', [event]);
      if (index + 1 !== safe) return;
      const behind = new Sqlite(path);
      behind.pragma('wal_checkpoint(TRUNCATE)');
      behind.close();
    });
    const file = freeze(path);
    journal.close();
    return { file, wal: readFileSync(`${file}-wal`) };
  };

  it('opens, holds the beginning of what was written and all that had reached the file itself, whole, and goes on', () => {
    const { file, wal } = written();
    const kept = new Set<number>();
    const check = (change: (path: string) => void): void => {
      const path = newPath();
      copyFileSync(file, path);
      change(path);
      const journal = createJournal({ path });
      const events = journal.readAll(0, 1000);
      expect(events.map((event) => event.id)).toEqual(history.slice(0, events.length).map((event) => event.id));
      expect(events.length).toBeGreaterThanOrEqual(safe);
      expect(journal.verify()).toMatchObject({ events: events.length, chained: events.length, problems: [] });
      for (const event of history.slice(events.length)) journal.append(`run-${event.id.split('-')[0]}`, 'any', [event]);
      expect(journal.verify()).toMatchObject({ events: history.length, problems: [] });
      journal.close();
      kept.add(events.length);
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: wal.length - 1 }), fc.boolean(), (at, cut) =>
        check((path) => {
          const changed = Buffer.from(wal);
          if (!cut) changed[at] = (changed[at] ?? 0) ^ 0x5a;
          writeFileSync(`${path}-wal`, changed);
          if (cut) truncateSync(`${path}-wal`, at);
          expect(statSync(`${path}-wal`).size).toBe(cut ? at : wal.length);
        }),
      ),
      { numRuns: 60 },
    );
    expect(kept.size).toBeGreaterThan(10);
  });
});

describe('another process in the middle of writing', () => {
  it('is waited for a while, then the append is refused with a sentence; nothing of it is written, and it can be sent again', () => {
    const path = newPath();
    const journal = createJournal({ path, busyMs: 10 });
    const history = runHistory({ run: 'r1', nodes: 2 });
    journal.append('run-r1', 'none', history.slice(0, 2));
    const other = new Sqlite(path);
    other.exec('BEGIN IMMEDIATE');
    const busy = expect.objectContaining({ code: 'timeout', message: expect.stringMatching(/Another process/) as string });
    expect(() => journal.append('run-r1', 2, history.slice(2))).toThrow(busy);
    expect(() => journal.together(() => journal.append('run-r1', 2, history.slice(2)))).toThrow(busy);
    expect(() => journal.remove({ endedBefore: null, keep: 0 }, { limit: 1, at: 1, id: 'removed' })).toThrow(busy);
    expect(journal.read('run-r1')).toHaveLength(2);
    other.exec('ROLLBACK');
    other.close();
    expect(journal.append('run-r1', 2, history.slice(2))).toHaveLength(5);
    expect(journal.verify()).toMatchObject({ events: 7, chained: 7, problems: [] });
    journal.close();
  });
});
