import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenConnection, TestReport } from '#shared/connections/connection';
import type { Batch } from '../../nodes/define.ts';
import type { SqlIo, SqlWrite, SqlWritten } from '../sql/driver.ts';
import connector from './connector.ts';
import driver from './driver.ts';
import { startOther } from './duckdb.testing.ts';
import type { Other } from './duckdb.testing.ts';

const io = (signal = new AbortController().signal): SqlIo => ({ signal, resolve: (path) => path, console: () => undefined });
const columns = [{ name: 'id', type: 'INTEGER' }, { name: 'text', type: 'VARCHAR' }];
const steps = ({ steps: taken }: TestReport): string => taken.map(({ step, ok }) => (ok ? step : `${step}!`)).join(' ');

async function* some(count: number, after: () => Promise<unknown> = async () => undefined): AsyncGenerator<Batch> {
  yield { columns, rows: Array.from({ length: count }, (_row, index) => [index + 1, `text ${index} ${'é'.repeat(index % 50)}`]) };
  await after();
}

const at = (file: string, create = false): OpenConnection => ({ name: 'db', kind: 'duckdb', settings: { path: file, create }, secrets: {} });

describe('a DuckDB file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-duckdb-loss-'));
  const path = join(folder, 'data.duckdb');
  let other: Other;
  beforeAll(async () => {
    other = startOther(path);
    await other.run("CREATE TABLE things (id INTEGER PRIMARY KEY, text VARCHAR NOT NULL CHECK (text <> 'bad'))");
  });
  afterAll(async () => {
    await other.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const attempt = (connection: OpenConnection): Promise<TestReport> => connector.test(connection, { signal: new AbortController().signal, resolve: (name) => resolve(folder, name) });
  const write = (input: AsyncIterable<Batch>, more: Partial<SqlWrite> = {}, connection = at(path)): Promise<SqlWritten> => driver.write(connection, { table: 'things', mode: 'truncate', keys: [], create: false, ...more }, input, io(), async () => undefined);
  const rows = async (query: string, connection = at(path), signal?: AbortSignal): Promise<readonly (readonly unknown[])[]> => {
    const found: (readonly unknown[])[] = [];
    for await (const batch of driver.read(connection, { query, params: [], fetchRows: 4096 }, io(signal))) found.push(...batch.rows);
    return found;
  };

  test('that is well is told of, also by a path that starts at the workflow’s folder', async () => {
    for (const file of [path, 'data.duckdb']) {
      const report = await attempt(at(file));
      expect([steps(report), report.error]).toEqual(['settings file database', null]);
      expect(report.server).toMatch(/^DuckDB 1\.\d+\.\d+, 1 table$/);
    }
  });

  test('that is missing, that is a folder, that is none, that is damaged: each is said', async () => {
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'letter.txt'), 'Dear Sir or Madam, '.repeat(1000));
    const bytes = readFileSync(path);
    bytes.fill(7, 5000, 5100);
    bytes.fill(7, 9000, 9100);
    writeFileSync(join(folder, 'damaged.duckdb'), bytes);
    const wrong: readonly (readonly [string, string, RegExp])[] = [
      ['missing.duckdb', 'settings file!', /^The database’s file doesn’t exist\.$/],
      ['folder', 'settings file!', /^A folder stands where/],
      ['letter.txt', 'settings file database!', /^The file is not a DuckDB database\.$/],
      ['damaged.duckdb', 'settings file database!', /^The database’s file is damaged\.$/],
    ];
    for (const [name, taken, message] of wrong) {
      const report = await attempt(at(join(folder, name)));
      expect([name, steps(report)]).toEqual([name, taken]);
      expect(report.error).toMatchObject({ code: 'io', message: expect.stringMatching(message), place: join(folder, name), remedy: expect.any(String) });
      await expect(rows('FROM things', at(join(folder, name)))).rejects.toMatchObject({ message: expect.stringMatching(message) });
    }
  });

  test('that another program has open: its name and process are told, and it is waited for a little', async () => {
    await other.hold();
    const report = await attempt(at(path));
    expect(steps(report)).toBe('settings file database!');
    expect(report.error).toMatchObject({ code: 'conflict', message: `The database is open in another program: node, process ${other.pid}.`, remedy: expect.any(String) });
    const writing = write(some(3));
    await other.release();
    expect(await writing).toMatchObject({ rows: 3 });
    expect(await other.run('SELECT count(*) FROM things')).toEqual([['3']]);
  });

  test('lets a query see nothing else', async () => {
    const secret = join(folder, 'secret.csv');
    writeFileSync(secret, 'a\n1\n');
    for (const query of [`SELECT * FROM '${secret}'`, `SELECT * FROM read_csv('${secret}')`, `SELECT * FROM read_text('${secret}')`, `SELECT * FROM glob('${folder}/*')`, `ATTACH '${secret}'`, `COPY things TO '${folder}/out.csv'`, 'SET threads = 1', 'LOAD httpfs', 'DELETE FROM things', 'DROP TABLE things'])
      await expect(rows(query), query).rejects.toMatchObject({ message: expect.any(String) });
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
    await expect(rows(`SELECT * FROM read_csv('${secret}')`)).rejects.toMatchObject({ code: 'permission', message: 'The query reaches for a file, and may read this database only.' });
    expect(await rows('SELECT count(*) FROM things')).toEqual([[3n]]);
  });

  test('is read by several here at once, and written by one when they are done', async () => {
    const reading = driver.read(at(path), { query: 'SELECT * FROM range(100000)', params: [], fetchRows: 4096 }, io())[Symbol.asyncIterator]();
    await reading.next();
    expect(await rows('SELECT count(*) FROM things')).toEqual([[3n]]);
    let done = false;
    const writing = write(some(5)).then(() => (done = true));
    expect(await rows('SELECT 1 AS one', at(path, false), AbortSignal.timeout(20_000))).toHaveLength(1);
    expect(done).toBe(false);
    await reading.return?.();
    await writing;
    expect(await rows('SELECT count(*) FROM things')).toEqual([[5n]]);
    const stop = new AbortController();
    const held = write(some(7, async () => {
      stop.abort(new Error('enough'));
      await expect(rows('FROM things', at(path), stop.signal)).rejects.toThrow('enough');
    }));
    expect(await held).toMatchObject({ rows: 7 });
  });

  test('is made where that is wished, and not left where the write fails', async () => {
    const file = join(folder, 'new.duckdb');
    await expect(write(some(1), {}, at(file, true))).rejects.toMatchObject({ message: 'There is no table “things”.' });
    expect(existsSync(file)).toBe(false);
    expect(await write(some(200_000), { create: true, mode: 'upsert', keys: ['id'] }, at(file, true))).toMatchObject({ rows: 200_000, created: true, inserted: 200_000, updated: 0 });
    expect(await write(some(200_001), { mode: 'upsert', keys: ['id'] }, at(file))).toMatchObject({ inserted: 1, updated: 200_000 });
    expect(await rows('SELECT count(*), sum(id) FROM things', at(file))).toEqual([[200_001n, 20_000_300_001n]]);
  });

  test('that refuses a row says which, or about where', async () => {
    const none = (async function* (): AsyncGenerator<Batch> {
      yield { columns, rows: [[1, 'a'], [2, null]] };
    })();
    await expect(write(none)).rejects.toMatchObject({ message: expect.stringMatching(/^Row 2, column “text”: it is NULL/) });
    const bad = (async function* (): AsyncGenerator<Batch> {
      yield { columns, rows: [[1, 'a'], [2, 'bad']] };
    })();
    await expect(write(bad)).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/^DuckDB says: Rows 1 to 2: CHECK constraint failed/) });
    expect(await rows('SELECT count(*) FROM things')).toEqual([[7n]]);
  });

  test('on a disk that is full keeps what it had', async ({ skip }) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const file = join(disk, 'data.duckdb');
    if (process.platform !== 'linux' || spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status !== 0) skip('a small disk can only be mounted by root on Linux');
    try {
      await write(some(10), { create: true }, at(file, true));
      await expect(write(some(400_000), {}, at(file))).rejects.toMatchObject({ code: 'io', message: 'The disk is full.', place: file });
      expect(await rows('SELECT count(*) FROM things', at(file))).toEqual([[10n]]);
    } finally {
      spawnSync('/bin/umount', ['-l', disk]);
    }
  });
});
