import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import type { Batch } from '../../nodes/define.ts';
import { postgresqlMissing, startPostgresql } from '../servers/postgresql.testing.ts';
import type { PostgresqlServer } from '../servers/postgresql.testing.ts';
import { startProxy } from '../servers/proxy.testing.ts';
import type { Proxy } from '../servers/proxy.testing.ts';
import { identityOf } from '../servers/server.testing.ts';
import type { SqlIo, SqlWrite } from '../sql/driver.ts';
import driver, { createDriver } from './driver.ts';

const missing = postgresqlMissing();
const io = (signal = new AbortController().signal): SqlIo => ({ signal, resolve: (path) => path, console: () => undefined });
const INSERT: SqlWrite = { table: 'things', mode: 'insert', keys: [], create: false };
const COLUMNS = [{ name: 'id', type: 'INTEGER' }, { name: 'text', type: 'VARCHAR' }];

const nothing = async (): Promise<void> => undefined;

const readAll = async (connection: OpenConnection, query: string, reader = driver, signal?: AbortSignal, each: (seen: number) => unknown = () => undefined): Promise<number> => {
  let seen = 0;
  for await (const batch of reader.read(connection, { query, params: [], fetchRows: 1000 }, io(signal))) {
    seen += batch.rows.length;
    await each(seen);
  }
  return seen;
};

/** The same, for a server that will say nothing. */
const soon = (connection: OpenConnection): OpenConnection => ({ ...connection, settings: { ...connection.settings, connectTimeoutMs: 3000 } });

/** Rows for ever, or so many batches of a thousand; `each` is told before a batch is given. */
async function* rows(batches = Number.POSITIVE_INFINITY, each: (batch: number) => void | Promise<void> = () => undefined): AsyncGenerator<Batch> {
  for (let batch = 0; batch < batches; batch += 1) {
    await each(batch);
    yield { columns: COLUMNS, rows: Array.from({ length: 1000 }, (_, index) => [100 + batch * 1000 + index, 'x'.repeat(100)]) };
  }
}

describe.skipIf(missing !== null)(`PostgreSQL in trouble${missing === null ? '' : `: ${missing}`}`, () => {
  let server: PostgresqlServer;
  let proxy: Proxy;
  let line: OpenConnection;
  /** With little patience for a server that says nothing. */
  const hasty = createDriver(400);
  beforeAll(async () => {
    server = await startPostgresql();
    await server.run('CREATE TABLE things (id integer PRIMARY KEY, text text); INSERT INTO things VALUES (1, $$before$$)');
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    proxy = await startProxy(server.port);
    line = server.connection({ port: proxy.port });
  });
  afterEach(async () => {
    await proxy.close();
    expect(await server.run('SELECT * FROM things')).toEqual([['1', 'before']]);
  });

  const SERIES = "SELECT generate_series(1, 3000000) AS n, repeat('x', 100) AS text";
  /** Kills the process that serves the session: the server ends all others and starts anew. */
  const crash = async (): Promise<void> => {
    const [[pid] = []] = await server.run("SELECT pid FROM pg_stat_activity WHERE application_name = 'Millrace'");
    process.kill(Number(pid), 'SIGKILL');
  };
  const recovered = (): Promise<void> => expect.poll(() => server.run('SELECT 1').catch(() => null), { timeout: 60_000 }).toEqual([['1']]);

  test('a line that is cut while rows come', async () => {
    proxy.cutAfter('down', 500_000);
    await expect(readAll(line, SERIES)).rejects.toMatchObject({ code: 'io', place: `127.0.0.1:${proxy.port}/postgres`, message: 'The connection to the server was lost while it sent rows.', remedy: expect.stringContaining('run again') });
  });

  test('a line that is cut while rows are written', async () => {
    proxy.cutAfter('up', 500_000);
    await expect(driver.write(line, INSERT, rows(), io(), nothing)).rejects.toMatchObject({ code: 'io', place: `127.0.0.1:${proxy.port}/postgres`, message: 'The connection to the server was lost while rows were written.' });
  });

  test('a server that crashes while rows come, and while they are written', async () => {
    const reading = readAll(line, SERIES, driver, undefined, (seen) => (seen === 5000 ? crash() : undefined));
    await expect(reading).rejects.toMatchObject({ code: 'io', message: expect.stringMatching(/lost|crashed/) });
    await recovered();
    const writing = driver.write(line, { ...INSERT, mode: 'truncate' }, rows(Number.POSITIVE_INFINITY, (batch) => (batch === 20 ? crash() : undefined)), io(), nothing);
    await expect(writing).rejects.toMatchObject({ code: 'io', message: expect.stringMatching(/lost|crashed/), remedy: expect.stringMatching(/run again/i) });
    await recovered();
  });

  test('a session that the server ends', async () => {
    const writing = driver.write(line, INSERT, rows(Number.POSITIVE_INFINITY, async (batch) => void (batch === 20 ? await server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Millrace'") : [])), io(), nothing);
    await expect(writing).rejects.toMatchObject({ code: 'io', message: expect.stringMatching(/shut down|lost/) });
  });

  test('a line that goes silent while rows come is given up', async () => {
    const reading = readAll(soon(line), SERIES, hasty, undefined, (seen) => (seen === 5000 ? proxy.stall() : undefined));
    await expect(reading).rejects.toMatchObject({ code: 'timeout', message: expect.stringMatching(/has said nothing for \d+ seconds/), place: expect.any(String) });
  });

  test('a line that goes silent while rows are written is given up', async () => {
    const writing = hasty.write(soon(line), INSERT, rows(Number.POSITIVE_INFINITY, (batch) => (batch === 20 ? proxy.stall() : undefined)), io(), nothing);
    await expect(writing).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('has said nothing') });
  });

  test('stopping works on a line that is silent', async () => {
    const stop = new AbortController();
    const reading = readAll(line, SERIES, driver, stop.signal, (seen) => {
      if (seen !== 5000) return;
      proxy.stall();
      setTimeout(() => stop.abort(), 200);
    });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a server that computes, or waits for a lock, is not given up', async () => {
    expect(await readAll(line, 'SELECT pg_sleep(2)', hasty)).toBe(1);
    const holding = server.run('BEGIN; LOCK TABLE things; SELECT pg_sleep(2); COMMIT');
    await expect(hasty.write(line, INSERT, rows(1), io(), () => Promise.reject(new Error('enough')))).rejects.toThrow('enough');
    await holding;
  });

  test('stopping ends the query at the server too', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    await expect(readAll(line, 'SELECT pg_sleep(60) AS waiting', driver, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => server.run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%AS waiting%' AND pid <> pg_backend_pid()"), { timeout: 20_000 }).toEqual([['0']]);
  });

  test('a wrong login is told before anything is read', async () => {
    const wrong = { ...line, secrets: { password: 'wrong wrong' } };
    let pulled = 0;
    await expect(driver.write(wrong, INSERT, rows(1, () => void (pulled += 1)), io(), nothing)).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('“millrace”') });
    await expect(readAll(wrong, 'SELECT 1')).rejects.toMatchObject({ code: 'permission' });
    expect(pulled).toBe(0);
  });

  test('a commit whose answer is lost has happened', async () => {
    // Behind the transaction's number comes the answer to COMMIT.
    const written = await driver.write(line, INSERT, rows(1), io(), async () => proxy.cutAfter('down', 100));
    expect(written).toMatchObject({ rows: 1000 });
    expect(await server.run('SELECT count(*) FROM things')).toEqual([['1001']]);
    await server.run('DELETE FROM things WHERE id > 1');
  });

  test('a commit of which nothing can be known is told so', async () => {
    const writing = driver.write(line, INSERT, rows(1), io(), async () => {
      proxy.cutAfter('down', 100);
      proxy.refuse(true);
    });
    await expect(writing).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('not known whether'), remedy: expect.stringMatching(/transaction was \d+/) });
    await server.run('DELETE FROM things WHERE id > 1');
  });

  test('a disk that is full', async (context) => {
    const disk = join(server.folder, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status !== 0) {
      context.skip('a small disk can’t be mounted here');
      return;
    }
    const { uid, gid } = identityOf('postgres');
    if (uid !== undefined && gid !== undefined) chownSync(disk, uid, gid);
    try {
      await server.run(`CREATE TABLESPACE small LOCATION '${disk}'`);
      await server.run('CREATE TABLE crammed (id integer, text text) TABLESPACE small; INSERT INTO crammed VALUES (1, $$before$$)');
      for (const mode of ['insert', 'truncate'] as const) {
        await expect(driver.write(line, { ...INSERT, table: 'crammed', mode }, rows(), io(), nothing)).rejects.toMatchObject({ code: 'io', message: 'The disk of the server is full.', remedy: expect.stringContaining('Nothing was changed') });
        expect(await server.run('SELECT * FROM crammed')).toEqual([['1', 'before']]);
      }
      await server.run('DROP TABLE crammed');
      await server.run('DROP TABLESPACE small');
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});
