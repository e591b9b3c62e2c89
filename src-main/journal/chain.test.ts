import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '#shared/events';
import { runHistory } from '#shared/run/history.testing';
import { createMemoryJournal } from './memory.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { createJournal } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');

/** Three runs in appends of one, three and all events: positions 1–7, 8–14, 15–21. */
function filled(path = newPath()) {
  const journal = createJournal({ path });
  for (const [run, batch] of [['r1', 1], ['r2', 3], ['r3', 7]] as const) {
    const history = runHistory({ run, nodes: 2 });
    for (let from = 0; from < history.length; from += batch) journal.append(`run-${run}`, from, history.slice(from, from + batch));
  }
  const behind = new Sqlite(path);
  return { path, journal, behind, close: () => [journal, behind].forEach((one) => one.close()) };
}

describe('the hash chain', () => {
  it('has one link an append, whose hash anybody can make again from the rows', () => {
    const { journal, behind, close } = filled();
    const rows = behind.prepare('SELECT position, stream, version, type, schema, at, id, correlation, causation, data, hash FROM events ORDER BY position').all() as (Record<string, unknown> & { data: string; hash: Buffer | null })[];
    expect(rows.flatMap((row) => (row.hash === null ? [] : [row['position']]))).toEqual([1, 2, 3, 4, 5, 6, 7, 10, 13, 14, 21]);
    let previous = '0'.repeat(64);
    let texts = '';
    for (const { data, hash, ...envelope } of rows) {
      texts += `${JSON.stringify([...Object.values(envelope), data.length])}\n${data}\n`;
      if (hash === null) continue;
      previous = createHash('sha256').update(`${previous}\n${texts}`).digest('hex');
      texts = '';
      expect(hash.toString('hex')).toBe(previous);
    }
    expect(journal.verify()).toMatchObject({ chained: 21, head: previous, problems: [] });
    expect(journal.stats()).toMatchObject({ chained: 21, head: previous });
    close();
  });

  it('is the same for the same events, whatever they are written to', () => {
    const [file, memory] = [createJournal({ path: newPath() }), createMemoryJournal()];
    expect([file.verify().head, memory.verify().head]).toEqual([null, null]);
    for (const journal of [file, memory]) for (const run of ['r1', 'r2']) journal.append(`run-${run}`, 'none', runHistory({ run }), { correlation: '相' });
    expect(file.verify().head).toBe(memory.verify().head);
    file.close();
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['other data of the same shape', `UPDATE events SET data = replace(data, '"attempt":1', '"attempt":2') WHERE position = 3`, /chain is broken at position 3 \(run-r1\): position 3 /],
    ['data in the middle of an append', `UPDATE events SET data = replace(data, '"attempt":1', '"attempt":2') WHERE position = 17`, /chain is broken at position 21 \(run-r3\): positions 15 to 21 /],
    ['another time', `UPDATE events SET at = at + 1 WHERE position = 5`, /position 5 /],
    ['another id', `UPDATE events SET id = 'other' WHERE position = 5`, /position 5 /],
    ['another cause', `UPDATE events SET causation = 'other' WHERE position = 5`, /position 5 /],
    ['a whole run taken out', `DELETE FROM events WHERE stream = 'run-r2'; DELETE FROM runs WHERE id = 'r2'; DELETE FROM timeline WHERE run = 8`, /positions 8 to 14 are missing, and retention did not remove them/],
    ['two events changed for each other', `UPDATE events SET position = 99 WHERE position = 2; UPDATE events SET position = 2 WHERE position = 3; UPDATE events SET position = 3 WHERE position = 99`, /broken at position 2/],
    ['an event put in', `INSERT INTO events SELECT 22, 'run-r4', 1, type, schema, at, 'new', NULL, NULL, data, NULL FROM events WHERE position = 1`, /position 22 \(run-r4\) are of no link/],
    ['an event put in with a hash', `INSERT INTO events SELECT 22, 'workflow-w', 1, 'WorkflowSaved', 1, at, 'new', NULL, NULL, '{"workflowId":"w","name":"W","revision":"","path":""}', zeroblob(32) FROM events WHERE position = 1`, /broken at position 22/],
    ['a hash taken away', `UPDATE events SET hash = NULL WHERE position = 10`, /broken at position 13 \(run-r2\): positions 8 to 13/],
    ['the last hash taken away', `UPDATE events SET hash = NULL WHERE position = 21`, /positions 15 to 21 \(run-r3\) are of no link/],
    ['a removal that did not happen', `INSERT INTO pruned VALUES (8, 14, zeroblob(32))`, /positions 8 to 14 are said to have been removed, and are there/],
    ['a removal of what never was', `INSERT INTO pruned VALUES (30, 34, zeroblob(32))`, /positions 30 to 34 are said to have been removed/],
  ];
  it.each(broken)('finds %s', (_what, sql, problem) => {
    const { journal, behind, close } = filled();
    behind.exec(sql);
    const { problems } = journal.verify();
    expect(problems.join('\n')).toMatch(problem);
    // One change is not blamed on everything behind it.
    expect(problems.filter((one) => one.startsWith('The chain')).length).toBeLessThanOrEqual(3);
    close();
  });

  it('goes on from its end where somebody else has removed what was the end before', () => {
    const path = newPath();
    const [one, other] = [createJournal({ path }), createJournal({ path })];
    const history = runHistory({ run: 'r1', nodes: 2 });
    one.append('run-r1', 'none', history.slice(0, 2));
    other.append('run-r1', 2, history.slice(2, 4));
    one.append('run-r1', 4, history.slice(4));
    one.remove({ endedBefore: null, keep: 0 }, { limit: 1, at: 1, id: 'removed' });
    expect(other.append('run-r2', 'any', runHistory({ run: 'r2' }).slice(0, 1))).toMatchObject([{ position: history.length + 2, version: 1 }]);
    expect(other.append('run-r1', 'any', runHistory({ run: 'r1' }).slice(0, 1).map((event) => ({ ...event, id: 'again' })))).toMatchObject([{ version: 1 }]);
    expect(one.verify().problems).toEqual([]);
    one.close();
    other.close();
  });

  it('holds whoever writes, whatever fails between, and whatever is removed', () => {
    const step = fc.record({
      kind: fc.constantFrom('append', 'append', 'append', 'conflict', 'thrown', 'together', 'reopen', 'remove'),
      writer: fc.integer({ min: 0, max: 1 }),
      run: fc.integer({ min: 0, max: 3 }),
      events: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const path = newPath();
        const writers = [createJournal({ path }), createJournal({ path })];
        const done = [0, 0, 0, 0];
        const removed = new Set<number>();
        let appended = 0;
        const more = (run: number, events: number): NewEvent[] => (removed.has(run) ? [] : runHistory({ run: `r${run}`, nodes: 2 }).slice(done[run], (done[run] ?? 0) + events));
        try {
          for (const [n, { kind, writer, run, events }] of steps.entries()) {
            const journal = writers[writer];
            if (journal === undefined) throw new Error('no such writer');
            const add = (which: number): void => {
              const batch = more(which, events);
              journal.append(`run-r${which}`, 'any', batch);
              done[which] = (done[which] ?? 0) + batch.length;
              appended += batch.length;
            };
            if (kind === 'append') add(run);
            if (kind === 'conflict' && more(run, events).length > 0) expect(() => journal.append(`run-r${run}`, 77, more(run, events))).toThrow();
            if (kind === 'thrown') {
              const before = { done: [...done], appended };
              expect(() =>
                journal.together(() => {
                  add(run);
                  throw new Error('thrown by the test');
                }),
              ).toThrow('thrown by the test');
              Object.assign(done, before.done);
              ({ appended } = before);
            }
            if (kind === 'together') {
              journal.together(() => {
                add(run);
                expect(() => journal.append('run-r9', 5, runHistory({ run: 'r9' }))).toThrow();
                add((run + 1) % 4);
              });
            }
            if (kind === 'reopen') {
              journal.close();
              writers[writer] = createJournal({ path });
            }
            if (kind === 'remove') {
              for (const gone of journal.remove({ endedBefore: null, keep: 0 }, { limit: 1, at: 1, id: `removed-${n}` })) {
                removed.add(Number(gone.slice(1)));
                appended += 1 - 7;
              }
            }
          }
          const report = writers[0]?.verify();
          expect(report?.problems).toEqual([]);
          expect(report).toMatchObject({ events: appended, chained: appended });
        } finally {
          for (const journal of writers) journal.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});

const old = (path: string): void => {
  const db = new Sqlite(path);
  db.pragma('auto_vacuum = INCREMENTAL');
  db.pragma('journal_mode = WAL');
  db.exec(MIGRATIONS[0] ?? '');
  db.pragma('application_id = 0x4d696c6c');
  db.pragma('user_version = 1');
  const insert = db.prepare('INSERT INTO events (stream, version, type, schema, at, id, data) VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const run of ['r1', 'r2']) {
    runHistory({ run, nodes: 2 }).forEach((event, index) => {
      const { folder: _f, priority: _p, origin: _o, key: _k, ...data } = event.data as Record<string, unknown>;
      insert.run(`run-${run}`, index + 1, event.type, 1, event.at, event.id, JSON.stringify(data));
    });
  }
  db.exec(`INSERT INTO logs (run, line, at, level, text) VALUES ('r1', 1, 5, 'info', 'old')`);
  db.close();
};

describe('a journal from before the chain', () => {
  it('is opened, and its chain begins with the next append', () => {
    const path = newPath();
    old(path);
    const journal = createJournal({ path });
    journal.rebuild();
    expect(journal.verify()).toMatchObject({ events: 14, chained: 0, head: null, problems: [] });
    expect(journal.logs('r1' as never)).toEqual([{ node: null, at: 5, level: 'info', text: 'old', attempt: null, version: 0 }]);
    journal.append('run-r3', 'none', runHistory({ run: 'r3', nodes: 2 }));
    expect(journal.verify()).toMatchObject({ events: 21, chained: 7, problems: [] });
    expect(journal.stats()).toMatchObject({ events: 21, chained: 7 });
    const behind = new Sqlite(path);
    behind.exec(`UPDATE events SET at = at + 1 WHERE position = 15`);
    expect(journal.verify().problems.join()).toMatch(/broken at position 21/);
    behind.exec(`UPDATE events SET at = at - 1 WHERE position = 15`);
    behind.close();
    journal.close();
  });

  it('is looked at as it is, also while an older Millrace writes it, and is not changed by that', () => {
    const path = newPath();
    old(path);
    const writer = new Sqlite(path);
    writer.exec(`INSERT INTO logs (run, line, at, level, text) VALUES ('r2', 1, 6, 'info', 'still in the log')`);
    const journal = createJournal({ path, readOnly: true });
    expect(journal.verify()).toMatchObject({ events: 14, chained: 0, head: null });
    expect(journal.read('run-r1')).toHaveLength(7);
    expect(journal.run('r1' as never)).toMatchObject({ status: 'completed', priority: 0, origin: null });
    expect(journal.logs('r2' as never)).toEqual([{ node: null, at: 6, level: 'info', text: 'still in the log', attempt: null, version: 0 }]);
    expect(() => journal.append('run-r3', 'none', runHistory({ run: 'r3', nodes: 2 }))).toThrow(/read only/);
    journal.close();
    expect(writer.pragma('user_version', { simple: true })).toBe(1);
    writer.close();
  });

  it('can be cleared: the chain knows where it begins', () => {
    const path = newPath();
    old(path);
    const journal = createJournal({ path });
    journal.rebuild();
    journal.append('run-r3', 'none', runHistory({ run: 'r3', nodes: 2 }));
    for (const [n, gone] of [['r1'], ['r2'], ['r3'], []].entries()) {
      expect(journal.remove({ endedBefore: null, keep: 0 }, { limit: 1, at: 1, id: `removed-${n}` })).toEqual(gone);
      expect(journal.verify().problems).toEqual([]);
    }
    expect(journal.verify()).toMatchObject({ events: 3, chained: 3 });
    journal.close();
  });
});
