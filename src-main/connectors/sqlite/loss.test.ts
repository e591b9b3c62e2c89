import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenConnection, TestReport } from '#shared/connections/connection';
import type { Batch } from '../../nodes/define.ts';
import type { SqlIo, SqlWrite, SqlWritten } from '../sql/driver.ts';
import connector from './connector.ts';
import driver from './driver.ts';
import { testFile } from './sqlite.testing.ts';
import type { TestFile } from './sqlite.testing.ts';

const io = (signal = new AbortController().signal): SqlIo => ({ signal, resolve: (path) => path, console: () => undefined });
const columns = [{ name: 'id', type: 'INTEGER' }, { name: 'text', type: 'VARCHAR' }];
const steps = ({ steps: taken }: TestReport): string => taken.map(({ step, ok }) => (ok ? step : `${step}!`)).join(' ');

async function* wide(batches: number, from = 0): AsyncGenerator<Batch> {
  for (let batch = 0; batch < batches; batch += 1) yield { columns, rows: Array.from({ length: 2000 }, (_row, index) => [from + batch * 2000 + index + 1, 'x'.repeat(500)]) };
}

describe('a SQLite file', () => {
  let file: TestFile;
  beforeEach(() => {
    file = testFile();
    file.run('CREATE TABLE things (id INTEGER PRIMARY KEY, text TEXT CHECK (text <> \'bad\'))');
  });
  afterEach(() => file.remove());

  const at = (path: string, create = false): OpenConnection => ({ ...file.connection, settings: { path, create } });
  const attempt = (connection: OpenConnection): Promise<TestReport> => connector.test(connection, { signal: new AbortController().signal, resolve: (path) => resolve(file.folder, path) });
  const write = (input: AsyncIterable<Batch>, more: Partial<SqlWrite> = {}, connection = file.connection, signal?: AbortSignal): Promise<SqlWritten> =>
    driver.write(connection, { table: 'things', mode: 'insert', keys: [], create: false, ...more }, input, io(signal), async () => undefined);
  const rows = async (query: string, connection = file.connection): Promise<readonly (readonly unknown[])[]> => {
    const found: (readonly unknown[])[] = [];
    for await (const batch of driver.read(connection, { query, params: [], fetchRows: 4096 }, io())) found.push(...batch.rows);
    return found;
  };

  test('that is well is told of, also by a path that starts at the workflow’s folder', async () => {
    for (const path of [file.path, 'data.sqlite']) {
      const report = await attempt(at(path));
      expect([steps(report), report.error]).toEqual(['settings file database', null]);
      expect(report.server).toMatch(/^SQLite 3\.\d+\.\d+, 1 table$/);
    }
  });

  test('that is missing, that is a folder, that is none, that is damaged: each is said', async () => {
    mkdirSync(join(file.folder, 'folder'));
    writeFileSync(join(file.folder, 'letter.txt'), 'Dear Sir or Madam, '.repeat(100));
    await write(wide(2));
    const bytes = readFileSync(file.path);
    bytes.fill(7, 100, 4096);
    writeFileSync(join(file.folder, 'damaged.sqlite'), bytes);
    const wrong: readonly (readonly [string, string, RegExp])[] = [
      ['missing.sqlite', 'settings file!', /^The database’s file doesn’t exist\.$/],
      ['nowhere/data.sqlite', 'settings file!', /^The folder of the database’s file doesn’t exist\.$/],
      ['folder', 'settings file!', /^A folder stands where/],
      ['letter.txt', 'settings file database!', /^The file is not an SQLite database/],
      ['damaged.sqlite', 'settings file database!', /^The database’s file is damaged\.$/],
    ];
    for (const [name, taken, message] of wrong) {
      const report = await attempt(at(join(file.folder, name)));
      expect([name, steps(report)]).toEqual([name, taken]);
      expect(report.error).toMatchObject({ message: expect.stringMatching(message), place: join(file.folder, name), remedy: expect.any(String) });
      await expect(rows('SELECT * FROM things', at(join(file.folder, name)))).rejects.toMatchObject({ message: expect.stringMatching(message) });
    }
    expect(steps(await attempt({ ...file.connection, settings: {} }))).toBe('settings!');
  });

  test('is made where that is wished, and not left where the write fails', async () => {
    const path = join(file.folder, 'new.sqlite');
    expect(steps(await attempt(at(path, true)))).toBe('settings file');
    await expect(write(wide(1), { create: false }, at(path, true))).rejects.toMatchObject({ message: 'There is no table “things”.' });
    expect(existsSync(path)).toBe(false);
    expect(await write(wide(1), { create: true }, at(path, true))).toMatchObject({ rows: 2000, created: true });
    expect(await rows('SELECT count(*) FROM things', at(path))).toEqual([[2000n]]);
  });

  test('that another program writes to is waited for', async () => {
    const other = new Database(file.path);
    other.exec('BEGIN EXCLUSIVE');
    setTimeout(() => other.exec('COMMIT'), 300);
    expect(await rows('SELECT count(*) FROM things')).toEqual([[0n]]);
    other.exec('BEGIN IMMEDIATE');
    setTimeout(() => other.exec('COMMIT'), 300);
    expect(await write(wide(1))).toMatchObject({ rows: 2000 });
    other.exec('BEGIN IMMEDIATE');
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 100);
    await expect(write(wide(1), {}, file.connection, stop.signal)).rejects.toThrow('enough');
    other.close();
  });

  test('keeps its way of journalling', async () => {
    file.run('PRAGMA journal_mode = WAL');
    await write(wide(1));
    expect(await rows('SELECT count(*) FROM things')).toEqual([[2000n]]);
    expect(file.run('PRAGMA journal_mode')).toEqual([['wal']]);
  });

  test('whose columns hold something else than they say: row, column and a way out', async () => {
    file.run('CREATE TABLE odd (n INTEGER, d DATE, m DECIMAL(6,2), b BOOLEAN)');
    file.run("INSERT INTO odd VALUES (1, '2026-01-01', 1.5, 1), ('one', 'yesterday', 1.555, 2)");
    for (const [column, message] of [['n', /“one” is a text that is no BIGINT/], ['d', /“yesterday” is a text that is no DATE/], ['m', /“1.555” is a number that is no DECIMAL\(6,2\)/], ['b', /“2” is a whole number that is no BOOLEAN/]] as const) {
      await expect(rows(`SELECT ${column} FROM odd`)).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(new RegExp(`^Row 2, column “${column}”: ${message.source}`)), remedy: expect.stringContaining(`CAST("${column}" AS TEXT)`) });
      expect(await rows(`SELECT CAST("${column}" AS TEXT) FROM odd`)).toHaveLength(2);
    }
  });

  test('that refuses a row says which', async () => {
    const bad = (async function* (): AsyncGenerator<Batch> {
      yield { columns, rows: [[1, 'a'], [2, 'bad']] };
    })();
    await expect(write(bad)).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/^Row 2: SQLite says: CHECK constraint failed/) });
    await write(wide(1));
    await expect(write(wide(1, 1999))).rejects.toMatchObject({ message: expect.stringMatching(/^Row 1: SQLite says: UNIQUE constraint failed: things.id/) });
    expect(await rows('SELECT count(*) FROM things')).toEqual([[2000n]]);
  });

  test('on a disk that is full, and on one that can’t be written to', async ({ skip }) => {
    const disk = join(file.folder, 'disk');
    mkdirSync(disk);
    const path = join(disk, 'data.sqlite');
    if (process.platform !== 'linux' || spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status !== 0) skip('a small disk can only be mounted by root on Linux');
    try {
      copyFileSync(file.path, path);
      await expect(write(wide(10), {}, at(path))).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('disk is full'), place: path, remedy: expect.any(String) });
      expect(await rows('SELECT count(*) FROM things', at(path))).toEqual([[0n]]);
      expect(spawnSync('/bin/mount', ['-o', 'remount,ro', disk]).status).toBe(0);
      expect(await rows('SELECT count(*) FROM things', at(path))).toEqual([[0n]]);
      await expect(write(wide(1), {}, at(path))).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('may only be read'), place: path });
    } finally {
      spawnSync('/bin/umount', ['-l', disk]);
    }
  });

  // Nothing is protected from root, and Windows has other rights.
  const guarded = process.platform !== 'win32' && process.getuid?.() !== 0;
  if (guarded) test('that the system protects', async () => {
    chmodSync(file.path, 0o000);
    const report = await attempt(file.connection);
    expect([steps(report), report.error?.code]).toEqual(['settings file!', 'permission']);
  });
});
