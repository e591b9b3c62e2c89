import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { RunId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { exportEvents } from './export.ts';
import { createJournal } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');
const fails = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) as string, place: expect.any(String) as string });

describe('opening', () => {
  it('makes a file in WAL, with foreign keys and incremental vacuum', () => {
    const path = join(temporaryFolder(), 'a', 'b', 'journal.sqlite');
    createJournal({ path }).close();
    const db = new Sqlite(path, { readonly: true });
    expect(['journal_mode', 'auto_vacuum', 'user_version'].map((pragma) => db.pragma(pragma, { simple: true }))).toEqual(['wal', 2, 3]);
    db.close();
  });

  it('refuses what is not a database, another program’s database, a folder, and a newer schema', () => {
    const text = newPath();
    writeFileSync(text, 'This is not a database. '.repeat(400));
    expect(() => createJournal({ path: text })).toThrow(fails('io', /not an SQLite database/));
    expect(readFileSync(text, 'utf8')).toMatch(/^This is not/);

    const other = newPath();
    const db = new Sqlite(other);
    db.exec('CREATE TABLE theirs (a)');
    db.close();
    expect(() => createJournal({ path: other })).toThrow(fails('io', /not a journal/));
    expect(() => createJournal({ path: other, readOnly: true })).toThrow(fails('io', /not a journal/));

    const folder = newPath();
    mkdirSync(folder);
    expect(() => createJournal({ path: folder })).toThrow(fails('io', /folder/));

    const newer = newPath();
    createJournal({ path: newer }).close();
    const future = new Sqlite(newer);
    future.pragma('user_version = 99');
    future.close();
    expect(() => createJournal({ path: newer })).toThrow(fails('unsupported', /newer Millrace/));
    expect(() => createJournal({ path: newer, readOnly: true })).toThrow(fails('unsupported', /newer Millrace/));
  });

  it.skipIf(process.platform === 'win32')('refuses to write in a folder that is read-only, and still reads there', () => {
    const path = newPath();
    const journal = createJournal({ path });
    journal.append('run-r1', 'none', runHistory({ run: 'r1' }));
    journal.close();
    const folder = join(path, '..');
    chmodSync(path, 0o444);
    chmodSync(join(folder, '..'), 0o755);
    chmodSync(folder, 0o555);
    // Root may write anywhere: then as nobody.
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      expect(() => createJournal({ path })).toThrow(expect.objectContaining({ code: expect.stringMatching(/permission|read_only/) as string }));
      expect(() => createJournal({ path: join(folder, 'new', 'journal.sqlite') })).toThrow(fails('permission', /may not write/));
      const reader = createJournal({ path, readOnly: true });
      expect(reader.verify().problems).toEqual([]);
      reader.close();
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(folder, 0o755);
    }
  });

  it('waits for nobody and says so when another process keeps the file to itself', () => {
    const path = newPath();
    createJournal({ path }).close();
    const other = new Sqlite(path);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN IMMEDIATE');
    const before = performance.now();
    expect(() => createJournal({ path, readOnly: true, busyMs: 20 })).toThrow(fails('timeout', /Another process/));
    expect(performance.now() - before).toBeLessThan(4_000);
    other.close();
  });
});

describe('opened to be read only', () => {
  it('sees what the writer writes, answers every question, and refuses every write', () => {
    const path = newPath();
    const writer = createJournal({ path });
    const history = runHistory({ run: 'r1', nodes: 60 });
    writer.append('run-r1', 'none', history.slice(0, 5));
    const reader = createJournal({ path, readOnly: true });
    const r1 = RunId.parse('r1');
    expect(reader.run(r1)?.version).toBe(5);
    expect(reader.stats().events).toBe(5);
    writer.append('run-r1', 5, history.slice(5));
    writer.log(r1, [{ node: null, at: 1, level: 'info', text: 'hello', attempt: null, version: 5 }]);
    expect(reader.run(r1)).toEqual(writer.run(r1));
    expect(reader.runs({ status: ['completed'] }, 0, 1)).toEqual(writer.runs({ status: ['completed'] }, 0, 1));
    expect(reader.timeline(r1)).toEqual(writer.timeline(r1));
    expect(reader.logs(r1)).toEqual(writer.logs(r1));
    expect(reader.stats()).toEqual(writer.stats());
    expect(reader.verify()).toEqual(writer.verify());
    expect([...exportEvents(reader)]).toHaveLength(history.length);
    const readOnly = expect.objectContaining({ code: 'read_only' });
    expect(() => reader.append('run-r2', 'none', runHistory({ run: 'r2' }))).toThrow(readOnly);
    expect(() => reader.log(r1, [])).toThrow(readOnly);
    expect(() => reader.rebuild()).toThrow(readOnly);
    reader.close();
    writer.close();
  });

  it('refuses where there is no journal yet, and makes none', () => {
    const path = newPath();
    expect(() => createJournal({ path, readOnly: true })).toThrow(fails('not_found', /no journal here yet/));
    expect(() => createJournal({ path, readOnly: true })).toThrow(fails('not_found', /no journal here yet/));
  });
});

describe('100,000 events', () => {
  it('are appended, opened again, and answered from indices', () => {
    const path = newPath();
    const writer = createJournal({ path });
    const runs = 2_000;
    for (let n = 0; n < runs; n += 1) writer.append(`run-r${n}`, 'none', runHistory({ run: `r${n}`, nodes: 24, at: n * 1000, end: n % 10 === 0 ? 'failed' : 'completed' }));
    writer.close();
    const journal = createJournal({ path });
    expect(journal.lastPosition()).toBeGreaterThan(100_000);
    expect(journal.stats().runs).toBe(runs);
    expect(journal.runs({ status: ['failed'] }, 190, 20)).toMatchObject({ total: 200, rows: { length: 10 } });
    expect(journal.run(RunId.parse('r1999'))?.status).toBe('completed');
    expect(journal.unfinished()).toEqual([]);
    journal.close();
    const db = new Sqlite(path, { readonly: true });
    const plan = (sql: string): string => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    expect(plan(`SELECT status, count(*) FROM runs GROUP BY status`)).toMatch(/COVERING INDEX runs_by_status/);
    expect(plan(`SELECT * FROM runs WHERE workflow_id = 'a' ORDER BY position DESC LIMIT 9`)).toMatch(/USING INDEX runs_by_workflow/);
    expect(plan(`SELECT * FROM runs WHERE workflow_id = 'a' ORDER BY position DESC LIMIT 9`)).not.toMatch(/TEMP B-TREE/);
    expect(plan(`SELECT max(version) FROM events WHERE stream = 'a'`)).toMatch(/COVERING INDEX/);
    db.close();
  });
});
