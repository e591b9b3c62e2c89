import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import type { JsonObject } from '#shared/json';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome, TestRows } from '../../dataplane/node.testing.ts';
import type { Batch } from '../../nodes/define.ts';
import queryNode from '../../nodes/sql-query/run.ts';
import writeNode from '../../nodes/sql-write/run.ts';
import type { SqlDriver, SqlIo } from './driver.ts';
import { valueFeatures } from './values.features.ts';

/** A database that the suite may do with as it likes. It is empty when it is handed over. */
export interface SqlSubject {
  readonly connection: OpenConnection;
  /** Runs any statement past the driver, as another client does; a SELECT answers its rows as texts. */
  run(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  /** Quotes a name. */
  quote(name: string): string;
  /** A query of rows 1 … count, one column `n`. */
  series(count: number): string;
  /** Values that come back as another text than they were written, by the case's name; `refused` where the database has nothing for them. */
  readonly differs?: Readonly<Record<string, string | { readonly refused: RegExp }>>;
  /** A column's type and a value that it can't hold. */
  readonly misfits: readonly { readonly type: string; readonly good: string; readonly bad: string; readonly why: RegExp }[];
  /** A statement that changes the table `victim` and gives rows, where the database has one. */
  readonly changing?: string;
  close(): Promise<void>;
}

const io = (signal = new AbortController().signal): SqlIo => ({ signal, resolve: (path) => path, console: () => undefined });

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function* oneRow(): AsyncGenerator<Batch> {
  yield { columns: [{ name: 'id', type: 'INTEGER' }], rows: [[2]] };
}

/** What is still in use after the garbage is gone. */
function heldBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What every driver promises, on a real database. `slow`: a query that takes a minute at least before its first row; null where none can be stopped, and the studio ends the worker instead. */
export function sqlDriverFeatures(title: string, driver: SqlDriver, slow: string | null, start: () => Promise<SqlSubject>): void {
  describe(title, () => {
    let subject: SqlSubject;
    let tables: string[] = [];
    beforeAll(async () => {
      subject = await start();
    });
    beforeEach(async () => {
      for (const table of tables) await subject.run(`DROP TABLE IF EXISTS ${subject.quote(table)}`);
      tables = [];
    });
    afterAll(() => subject?.close());

    const fresh = (table: string): string => {
      tables.push(table);
      return table;
    };
    const write = (table: string, rows: TestRows, config: JsonObject = {}, more: Partial<Parameters<typeof runNode>[2]> = {}): Promise<NodeOutcome> =>
      runNode(writeNode, { connection: subject.connection.name, table, ...config }, { ...more, inputs: { in: rows }, connections: [subject.connection] });
    const read = async (query: string, params: readonly JsonObject[] = [], more: JsonObject = {}): Promise<{ columns: readonly Column[]; rows: readonly (readonly (string | null)[])[] }> =>
      (await runNode(queryNode, { connection: subject.connection.name, query, params: params.map((param) => ({ type: 'auto', ...param })), ...more }, { connections: [subject.connection] })).outputs['out'] ?? expect.fail('no output');
    const everything = async (table: string): Promise<string> => JSON.stringify((await subject.run(`SELECT * FROM ${subject.quote(table)} ORDER BY 1`)).map((row) => [...row]));

    valueFeatures({ subject: () => subject, write, read, fresh });

    test('an empty result has its columns', async () => {
      await write(fresh('things'), "SELECT 1::BIGINT AS id, 'a' AS name", { create: true });
      const { columns, rows } = await read(`SELECT id, name FROM things WHERE id > 5`);
      expect(rows).toEqual([]);
      expect(columns).toEqual([{ name: 'id', type: 'BIGINT' }, { name: 'name', type: 'VARCHAR' }]);
    });

    test('rows are added, and announced before they are committed', async () => {
      await write(fresh('things'), [{ id: 1, name: 'a' }], { create: true });
      const { report, intents } = await write('things', [{ name: 'b', id: 2 }, { name: null, id: 3 }]);
      expect(await everything('things')).toBe('[["1","a"],["2","b"],["3",null]]');
      expect(report['rows written']).toBe(2);
      expect(intents).toEqual([`2 rows would be inserted into things of “${subject.connection.name}”`]);
    });

    test('what is announced is not there yet, and never is where the announcement fails', async () => {
      await write(fresh('things'), [{ id: 1 }], { create: true });
      const attempt = driver.write(subject.connection, { table: 'things', mode: 'insert', keys: [], create: false }, oneRow(), io(), async (rows, columns) => {
        expect([rows, columns.map((one) => one.name)]).toEqual([1, ['id']]);
        throw new Error('not today');
      });
      await expect(attempt).rejects.toThrow('not today');
      expect(await everything('things')).toBe('[["1"]]');
    });

    test('an upsert adds what is new and replaces what has the same keys, the last row of a key counting', async () => {
      const rows = [{ id: 1, part: 'x', amount: 10 }, { id: 2, part: 'x', amount: 20 }];
      await write(fresh('things'), rows, { create: true, mode: 'upsert', keys: ['id', 'part'] });
      const { intents } = await write('things', [{ id: 2, part: 'x', amount: 21 }, { id: 3, part: 'x', amount: 30 }, { id: 3, part: 'x', amount: 31 }, { id: 1, part: 'y', amount: 5 }], { mode: 'upsert', keys: ['id', 'part'] });
      expect((await everything('things'))).toBe(JSON.stringify((await subject.run('SELECT * FROM things ORDER BY 1, 2')).map((row) => [...row])));
      expect((await subject.run('SELECT id, part, amount FROM things ORDER BY 1, 2')).map((row) => row.join(' '))).toEqual(['1 x 10', '1 y 5', '2 x 21', '3 x 31']);
      expect(intents).toEqual([]);
    });

    test('an upsert where every column is a key leaves what is there', async () => {
      for (let again = 0; again < 2; again += 1) await write(again === 0 ? fresh('things') : 'things', [{ id: 1 }, { id: 2 }], { create: true, mode: 'upsert', keys: ['id'] });
      expect(await everything('things')).toBe('[["1"],["2"]]');
    });

    test('an upsert leaves columns alone that the rows have not, and needs a unique index', async () => {
      await write(fresh('things'), [{ id: 1, name: 'a', note: 'keep' }], { create: true, mode: 'upsert', keys: ['id'] });
      await write('things', [{ id: 1, name: 'b' }], { mode: 'upsert', keys: ['id'] });
      expect(await everything('things')).toBe('[["1","b","keep"]]');
      await expect(write('things', [{ id: 1, name: 'c' }], { mode: 'upsert', keys: ['name'] })).rejects.toMatchObject({ message: expect.stringContaining('name'), remedy: expect.stringMatching(/unique|key/i) });
      expect(await everything('things')).toBe('[["1","b","keep"]]');
    });

    test('a table is emptied and loaded in one go, with no rows as well', async () => {
      await write(fresh('things'), [{ id: 1 }, { id: 2 }], { create: true });
      await write('things', [{ id: 7 }], { mode: 'truncate' });
      expect(await everything('things')).toBe('[["7"]]');
      await write('things', 'SELECT 1 AS id WHERE false', { mode: 'truncate' });
      expect(await everything('things')).toBe('[]');
    });

    test.each(['insert', 'upsert', 'truncate'])('%s: a row that fails leaves the table as it was', async (mode) => {
      for (const { type, good, bad, why } of subject.misfits) {
        await subject.run(`DROP TABLE IF EXISTS ${subject.quote(fresh('things'))}`);
        await subject.run(`CREATE TABLE things (id INTEGER PRIMARY KEY, value ${type})`);
        await subject.run(`INSERT INTO things (id) VALUES (1)`);
        const before = await everything('things');
        const rows = `SELECT i::INTEGER AS id, CASE WHEN i = 4001 THEN ${bad} ELSE ${good} END AS value FROM range(2, 5000) t(i) ORDER BY i`;
        await expect(write('things', rows, { mode, keys: mode === 'upsert' ? ['id'] : [] }), `${type} ${bad}`).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(new RegExp(`^Row 4,000, column “value”: .*${why.source}`, 'su')) });
        expect(await everything('things')).toBe(before);
      }
    });

    test('parameters are values, whatever they hold', async () => {
      await write(fresh('things'), [{ id: 1, name: 'a' }, { id: 2, name: "x'); DROP TABLE things; --" }], { create: true });
      for (const hostile of ["x'); DROP TABLE things; --", "' OR '1'='1", '$1', '?', ':id', '\\', '"', '`', '%s', '/*']) {
        const { rows } = await read('SELECT id FROM things WHERE name = :name', [{ name: 'name', value: hostile, type: 'text' }]);
        expect(rows, hostile).toEqual(hostile.startsWith('x') ? [['2']] : []);
      }
      expect((await read("SELECT id, ':id' AS fixed FROM things WHERE id = :id OR id + 1 = :id ORDER BY id -- :nothing", [{ name: 'id', value: '2', type: 'integer' }])).rows).toEqual([['1', ':id'], ['2', ':id']]);
      await expect(read('SELECT :nmae AS x', [{ name: 'name', value: 'a' }])).rejects.toMatchObject({ place: 'params', message: expect.stringContaining('“nmae”'), remedy: expect.stringContaining('“name”') });
      await expect(read('SELECT id FROM things', [{ name: 'id', value: 'a' }])).rejects.toMatchObject({ place: 'params', message: expect.stringContaining('“id”') });
      await expect(read('SELECT :id AS x', [{ name: 'id', value: 'four', type: 'integer' }])).rejects.toMatchObject({ place: 'params[0].value' });
    });

    test('names may be any, reserved words too', async () => {
      const odd = 'odd "name` of';
      const columns = { select: 1, 'a b': 2, 'Ünï': 3, order: 4, 'q"`x': 5 };
      for (const table of ['order', odd]) {
        await write(`"${fresh(table).replaceAll('"', '""')}"`, [columns], { create: true, mode: 'upsert', keys: ['select', 'a b'] });
        await write(`"${table.replaceAll('"', '""')}"`, [{ ...columns, order: 9 }], { mode: 'upsert', keys: ['select', 'a b'] });
        const { rows, columns: found } = await read(`SELECT * FROM ${subject.quote(table)}`);
        expect(rows).toEqual([['1', '2', '3', '9', '5']]);
        expect(found.map((one) => one.name)).toEqual(Object.keys(columns));
      }
    });

    test('a wrong table or column is refused with the nearest name', async () => {
      await write(fresh('customers'), [{ id: 1, email: 'a' }], { create: true });
      await expect(write('custmers', [{ id: 1 }])).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('“custmers”'), remedy: expect.stringContaining('“customers”') });
      await expect(write('customers', [{ id: 1, emial: 'b' }])).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('“emial”'), remedy: expect.stringContaining('“email”') });
      await expect(read('SELECT id FROM custmers')).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('custmers'), remedy: expect.stringContaining('“customers”') });
      await expect(read('SELECT emial FROM customers')).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('emial') });
      await expect(read('SELEC 1')).rejects.toMatchObject({ code: 'node_failed', place: expect.any(String) });
      expect(await everything('customers')).toBe('[["1","a"]]');
    });

    test('a query changes nothing', async () => {
      await write(fresh('victim'), [{ id: 1 }], { create: true });
      for (const query of ['DELETE FROM victim', 'DROP TABLE victim', 'SELECT 1; DELETE FROM victim', 'SELECT 1; COMMIT; DELETE FROM victim', ...(subject.changing === undefined ? [] : [subject.changing])]) {
        await expect(read(query), query).rejects.toMatchObject({ code: 'node_failed' });
        expect(await everything('victim'), query).toBe('[["1"]]');
      }
    });

    test('a schema that changes under way ends in all of the rows or none', async () => {
      await write(fresh('things'), [{ id: 1, name: 'a' }], { create: true });
      const columns = [{ name: 'id', type: 'INTEGER' }, { name: 'name', type: 'VARCHAR' }];
      let changed = true;
      const batches = async function* (): AsyncGenerator<Batch> {
        yield { columns, rows: [[2, 'b']] };
        changed = await subject.run('ALTER TABLE things DROP COLUMN name').then(() => true, () => false);
        yield { columns, rows: [[3, 'c']] };
      };
      const outcome = await driver.write(subject.connection, { table: 'things', mode: 'insert', keys: [], create: false }, batches(), io(), async () => undefined).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ code: 'node_failed', place: expect.any(String), remedy: expect.any(String) });
        expect(JSON.parse(await everything('things'))).toHaveLength(1);
      } else {
        expect(changed).toBe(false);
        expect(await everything('things')).toBe('[["1","a"],["2","b"],["3","c"]]');
      }
    });

    test('a schema that changed between two runs is told', async () => {
      await write(fresh('things'), [{ id: 1, name: 'a' }], { create: true });
      await subject.run('ALTER TABLE things DROP COLUMN name');
      await expect(write('things', [{ id: 2, name: 'b' }])).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('“name”') });
    });

    // A database without such a query can only be stopped with its process.
    if (slow !== null) test('stopping ends a query that computes', async () => {
      const stop = new AbortController();
      const reading = runNode(queryNode, { connection: subject.connection.name, query: slow }, { connections: [subject.connection], signal: stop.signal });
      setTimeout(() => stop.abort(), 300);
      const started = performance.now();
      await expect(reading).rejects.toThrow();
      expect(performance.now() - started).toBeLessThan(15_000);
    });

    test('stopping ends a read between its rows', async () => {
      const stop = new AbortController();
      let seen = 0;
      const reading = (async () => {
        for await (const { rows } of driver.read(subject.connection, { query: subject.series(50_000_000), params: [], fetchRows: 1000 }, io(stop.signal))) {
          seen += rows.length;
          if (seen > 5000) stop.abort();
        }
      })();
      await expect(reading).rejects.toThrow();
      expect(seen).toBeLessThan(1_000_000);
    });

    test('stopping a write leaves nothing', async () => {
      await write(fresh('things'), [{ id: 1 }], { create: true });
      const stop = new AbortController();
      let given = 0;
      const endless = async function* (): AsyncGenerator<Batch> {
        for (;;) {
          yield { columns: [{ name: 'id', type: 'INTEGER' }], rows: Array.from({ length: 1000 }, () => [(given += 1)]) };
          if (given > 20_000) stop.abort();
        }
      };
      await expect(driver.write(subject.connection, { table: 'things', mode: 'insert', keys: [], create: false }, endless(), io(stop.signal), async () => undefined)).rejects.toThrow();
      expect(await everything('things')).toBe('[["1"]]');
    });

    test('millions of rows pass in bounded memory', async () => {
      let rows = 0;
      let sum = 0n;
      let least = 0;
      let most = 0;
      for await (const batch of driver.read(subject.connection, { query: subject.series(2_000_000), params: [], fetchRows: 4096 }, io())) {
        for (const [n] of batch.rows) sum += BigInt(n as number);
        if (Math.floor(rows / 250_000) < Math.floor((rows + batch.rows.length) / 250_000)) {
          const held = heldBytes();
          least = least === 0 ? held : least;
          most = Math.max(most, held);
        }
        rows += batch.rows.length;
        if (batch.rows.length > 8192) expect.fail(`a batch of ${batch.rows.length} rows`);
      }
      expect([rows, sum]).toEqual([2_000_000, 2_000_001_000_000n]);
      // All of them at once would be 100 MB and more.
      expect(most - least).toBeLessThan(40_000_000);
    }, 300_000);
  });
}
