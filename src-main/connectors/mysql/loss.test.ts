import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import type { Batch } from '../../nodes/define.ts';
import { mariadbMissing, startMariadb } from '../servers/mariadb.testing.ts';
import type { MariadbServer } from '../servers/mariadb.testing.ts';
import { startProxy } from '../servers/proxy.testing.ts';
import type { Proxy } from '../servers/proxy.testing.ts';
import type { SqlIo, SqlWrite, SqlWritten } from '../sql/driver.ts';
import driver from './driver.ts';

const missing = mariadbMissing();
const io = (signal = new AbortController().signal): SqlIo => ({ signal, resolve: (path) => path, console: () => undefined });
const WIDE = 'x'.repeat(1000);
const columns = [{ name: 'id', type: 'INTEGER' }, { name: 'text', type: 'VARCHAR' }];

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => void setTimeout(resolve, 20));
}

/** Batches of rows with a wide text; `after` is awaited after each. */
async function* wide(batches: number, after: (batch: number) => unknown = () => undefined): AsyncGenerator<Batch> {
  for (let batch = 1; batch <= batches; batch += 1) {
    yield { columns, rows: Array.from({ length: 2000 }, (_row, index) => [(batch - 1) * 2000 + index + 1, WIDE]) };
    await after(batch);
  }
}

async function* large(): AsyncGenerator<Batch> {
  yield { columns, rows: [[1, 'a'], [2, 'é'.repeat(600_000)]] };
}

if (missing !== null) test.skip(`MariaDB: ${missing}`, () => undefined);
else {
  describe('MariaDB, when it goes wrong half way', () => {
    let server: MariadbServer;
    let proxy: Proxy;
    const through = (settings: OpenConnection['settings'] = {}): OpenConnection => server.connection({ port: proxy.port, ...settings });
    const write = (input: AsyncIterable<Batch>, more: Partial<SqlWrite> = {}, signal?: AbortSignal, beforeCommit: () => Promise<void> = async () => undefined, connection = through()): Promise<SqlWritten> =>
      driver.write(connection, { table: 'things', mode: 'insert', keys: [], create: true, ...more }, input, io(signal), beforeCommit);
    const tables = async (): Promise<readonly (string | null)[]> => (await server.run('SHOW TABLES')).map(([name = null]) => name);
    const busy = async (): Promise<number> => (await server.run("SELECT id FROM information_schema.processlist WHERE command IN ('Query', 'Execute') AND info NOT LIKE '%processlist%'")).length;
    const MANY = `SELECT seq AS n, REPEAT('x', 1000) AS text FROM seq_1_to_200000`;

    beforeAll(async () => {
      // All tables live in a file that can't grow: the disk is full at 40 MB.
      server = await startMariadb({ args: ['--innodb-file-per-table=0', '--innodb-data-file-path=ibdata1:12M:autoextend:max:40M', '--innodb-lock-wait-timeout=1', '--net-write-timeout=1', '--max-allowed-packet=1M'] });
      proxy = await startProxy(server.port);
    });
    afterAll(async () => {
      await proxy?.close();
      await server?.stop();
    });

    test('a line that is cut while rows come', async () => {
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { rows } of driver.read(through(), { query: MANY, params: [], fetchRows: 1000 }, io())) if (seen.push(rows.length) === 1) proxy.cutAfter('down', 5_000_000);
      })();
      await expect(reading).rejects.toMatchObject({ code: 'io', message: 'The connection to the server was lost.', place: `127.0.0.1:${proxy.port}/shop`, remedy: expect.any(String) });
      expect(seen.length).toBeGreaterThan(0);
      await until(async () => (await busy()) === 0);
    });

    test('a line that is cut while rows go leaves no row and no table', async () => {
      await expect(write(wide(4, (batch) => batch === 2 && proxy.cut()))).rejects.toMatchObject({ code: 'io', message: 'The connection to the server was lost.' });
      expect(await tables()).toEqual([]);
    });

    test('a line that is cut at the commit leaves a doubt, and says so', async () => {
      await expect(write(wide(1), {}, undefined, async () => proxy.cut())).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('all of them, or none') });
      expect((await server.run('SELECT count(*) FROM things'))[0]).toEqual(['0']);
      await server.run('DROP TABLE things');
    });

    test('a reader that pauses holds the server back, for longer than its patience', async () => {
      const before = proxy.received();
      const rows = driver.read(through(), { query: MANY, params: [], fetchRows: 1000 }, io())[Symbol.asyncIterator]();
      let count = (await rows.next()).value?.rows.length ?? 0;
      let last = -1;
      await until(() => {
        const still = proxy.received() === last;
        last = proxy.received();
        return still;
      });
      // Its patience (net_write_timeout) is one second.
      await new Promise((resolve) => void setTimeout(resolve, 2500));
      expect(proxy.received() - before).toBeLessThan(100_000_000);
      for (let next = await rows.next(); next.done !== true; next = await rows.next()) count += next.value.rows.length;
      expect(count).toBe(200_000);
    });

    test('a server that does not answer any more can be left', async () => {
      const stop = new AbortController();
      const reading = (async () => {
        for await (const { rows } of driver.read(through(), { query: MANY, params: [], fetchRows: 1000 }, io(stop.signal))) {
          expect(rows.length).toBeGreaterThan(0);
          proxy.stall();
          setTimeout(() => stop.abort(new Error('enough')), 200);
        }
      })();
      await expect(reading).rejects.toThrow('enough');
      proxy.flow();
    });

    test('what is stopped is stopped at the server too', async () => {
      const stop = new AbortController();
      const reading = driver.read(through(), { query: 'SELECT SLEEP(300)', params: [], fetchRows: 1000 }, io(stop.signal))[Symbol.asyncIterator]().next();
      await until(async () => (await busy()) === 1);
      stop.abort(new Error('enough'));
      await expect(reading).rejects.toThrow('enough');
      await until(async () => (await busy()) === 0);
      const rows = driver.read(through(), { query: MANY, params: [], fetchRows: 1000 }, io())[Symbol.asyncIterator]();
      await rows.next();
      await rows.return?.();
      await until(async () => (await busy()) === 0);
    });

    test('rows that somebody else holds are waited for, and then it is said', async () => {
      await server.run('CREATE TABLE held (id INT PRIMARY KEY, text LONGTEXT) ENGINE=InnoDB');
      await server.run("INSERT INTO held VALUES (1, 'a')");
      await server.run('BEGIN');
      await server.run("UPDATE held SET text = 'b' WHERE id = 1");
      await expect(write(wide(1), { table: 'held', mode: 'upsert', keys: ['id'] })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Another transaction holds rows') });
      await server.run('ROLLBACK');
      expect(await server.run('SELECT * FROM held')).toEqual([['1', 'a']]);
      await server.run('DROP TABLE held');
    });

    test('a full disk', async () => {
      await expect(write(wide(40))).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('full'), remedy: expect.stringContaining('Nothing was changed') });
      expect(await tables()).toEqual([]);
    });

    test('a row that is larger than what the server takes', async () => {
      await expect(write(large())).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/^Row 2 has 1,200,0\d\d bytes, and the server takes 1,048,576/), remedy: expect.stringContaining('max_allowed_packet') });
      expect(await tables()).toEqual([]);
    });

    test('tables that would not keep the promise are refused', async () => {
      await server.run('CREATE TABLE isam (id INT PRIMARY KEY, text LONGTEXT) ENGINE=MyISAM');
      await expect(write(wide(1), { table: 'isam' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('MyISAM') });
      await server.run('CREATE TABLE twofold (id INT PRIMARY KEY, text VARCHAR(700) UNIQUE) ENGINE=InnoDB');
      await expect(write(wide(1), { table: 'twofold', mode: 'upsert', keys: ['id'] })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('another unique key, text (text)') });
      await server.run('CREATE TABLE made (id INT PRIMARY KEY, text LONGTEXT AS (REPEAT(id, 2)) VIRTUAL) ENGINE=InnoDB');
      await expect(write(wide(1), { table: 'made' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('computes the column “text”') });
      await server.run('CREATE VIEW seen AS SELECT id, text FROM twofold');
      await expect(write(wide(1), { table: 'seen' })).rejects.toMatchObject({ code: 'node_failed', message: '“seen” is a view.' });
      await server.run('DROP VIEW seen');
      await server.run('DROP TABLE isam, twofold, made');
    });

    test('a row that the table does not take is named, also where the server does not say which', async () => {
      await server.run('CREATE TABLE twice (id INT PRIMARY KEY, text LONGTEXT, CHECK (id <> 1501)) ENGINE=InnoDB');
      await expect(write(wide(1), { table: 'twice' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/^Row 1,501: .*CONSTRAINT/) });
      await server.run("INSERT INTO twice VALUES (700, 'there')");
      await expect(write(wide(1), { table: 'twice' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/^Row 700: Duplicate entry '700'/) });
      expect(await server.run('SELECT * FROM twice')).toEqual([['700', 'there']]);
      await server.run('DROP TABLE twice');
    });

    test('a server that dies while rows go', async () => {
      await write(wide(1));
      await expect(write(wide(3, (batch) => (batch === 1 ? server.kill() : undefined)), { mode: 'truncate' })).rejects.toMatchObject({ code: 'io', place: `127.0.0.1:${proxy.port}/shop` });
      await expect(write(wide(1))).rejects.toMatchObject({ code: 'io', remedy: expect.any(String) });
    });
  });
}
