import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { runNode } from '../../dataplane/node.testing.ts';
import queryNode from '../../nodes/sql-query/run.ts';
import writeNode from '../../nodes/sql-write/run.ts';
import { mariadbMissing, startMariadb } from '../servers/mariadb.testing.ts';
import type { MariadbServer } from '../servers/mariadb.testing.ts';

const missing = mariadbMissing();

/** Each type of the server's own, a value as it writes it, and what comes here: DuckDB's type and text. */
const TYPES: readonly (readonly [type: string, value: string, here: string, text: string])[] = [
  ['TINYINT(1)', '1', 'BOOLEAN', 'true'],
  ['BOOLEAN', '0', 'BOOLEAN', 'false'],
  ['TINYINT', '-128', 'TINYINT', '-128'],
  ['TINYINT UNSIGNED', '255', 'UTINYINT', '255'],
  ['SMALLINT UNSIGNED', '65535', 'USMALLINT', '65535'],
  ['MEDIUMINT', '-8388608', 'INTEGER', '-8388608'],
  ['MEDIUMINT UNSIGNED', '16777215', 'UINTEGER', '16777215'],
  ['INT UNSIGNED ZEROFILL', '7', 'UINTEGER', '7'],
  ['BIGINT', '-9223372036854775808', 'BIGINT', '-9223372036854775808'],
  ['BIGINT UNSIGNED', '18446744073709551615', 'UBIGINT', '18446744073709551615'],
  ['DECIMAL(38,10)', '-1234567890123456789012345678.0123456789', 'DECIMAL(38,10)', '-1234567890123456789012345678.0123456789'],
  ['DECIMAL(5,0) UNSIGNED', '99999', 'DECIMAL(5,0)', '99999'],
  ['DECIMAL(4,4)', '-0.0001', 'DECIMAL(4,4)', '-.0001'],
  ['DECIMAL(65,30)', '12345678901234567890123456789012345.000000000000000000000000000001', 'VARCHAR', '12345678901234567890123456789012345.000000000000000000000000000001'],
  ['FLOAT', '3.4028235e38', 'FLOAT', '3.4028235e+38'],
  ['DOUBLE', '0.30000000000000004', 'DOUBLE', '0.30000000000000004'],
  ['BIT(1)', "b'1'", 'BOOLEAN', 'true'],
  ['BIT(64)', "b'1111111111111111111111111111111111111111111111111111111111111110'", 'UBIGINT', '18446744073709551614'],
  ['YEAR', '2026', 'SMALLINT', '2026'],
  ['DATE', "'9999-12-31'", 'DATE', '9999-12-31'],
  ['DATETIME', "'1000-01-01 00:00:00'", 'TIMESTAMP', '1000-01-01 00:00:00'],
  ['DATETIME(6)', "'2026-03-29 02:30:00.000001'", 'TIMESTAMP', '2026-03-29 02:30:00.000001'],
  ['TIMESTAMP(6) NULL', "'2026-03-29 02:30:00.100000'", 'TIMESTAMP WITH TIME ZONE', '2026-03-29 02:30:00.1+00'],
  ['TIME(6)', "'23:59:59.000001'", 'TIME', '23:59:59.000001'],
  ['CHAR(4)', "'é中'", 'VARCHAR', 'é中'],
  ['VARCHAR(10) CHARACTER SET latin1', "'é'", 'VARCHAR', 'é'],
  ['TINYTEXT', "'😀'", 'VARCHAR', '😀'],
  ["ENUM('a','b''c')", "'b''c'", 'VARCHAR', "b'c"],
  ["SET('x','y')", "'x,y'", 'VARCHAR', 'x,y'],
  ['BINARY(3)', "x'00ff'", 'BLOB', String.raw`\x00\xFF\x00`],
  ['MEDIUMBLOB', "x'0a27'", 'BLOB', String.raw`\x0A\x27`],
  ['JSON', `'{"b": 1.50, "a": [null]}'`, 'JSON', '{"b": 1.50, "a": [null]}'],
  ['UUID', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'UUID', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['INET6', "'2001:db8::1'", 'VARCHAR', '2001:db8::1'],
];

if (missing !== null) test.skip(`MariaDB: ${missing}`, () => undefined);
else {
  describe('values of MariaDB', () => {
    let server: MariadbServer;
    beforeAll(async () => {
      server = await startMariadb({ statements: ["SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,ALLOW_INVALID_DATES'"] });
    });
    afterAll(() => server?.stop());
    const read = async (query: string, params: readonly JsonObject[] = []) => {
      const { outputs, console } = await runNode(queryNode, { connection: 'db', query, params }, { connections: [server.connection()] });
      return { ...(outputs['out'] ?? { columns: [], rows: [] }), console };
    };

    const found = async (where: string, type: string, value: string | boolean): Promise<readonly (string | null)[]> => (await read(`SELECT id FROM exact WHERE ${where}`, [{ name: 'x', type, value }])).rows.map(([id = null]) => id);

    test('each type of the server’s own', async () => {
      await server.run(`CREATE TABLE kinds (${TYPES.map(([type], index) => `c${index} ${type}`).join(', ')}) DEFAULT CHARSET=utf8mb4`);
      await server.run(`INSERT INTO kinds VALUES (${TYPES.map(([, value]) => value).join(', ')})`);
      await server.run('INSERT INTO kinds VALUES ()');
      const { columns, rows: [first = [], second = []], console } = await read('SELECT * FROM kinds');
      expect(columns.map(({ type }, index) => [TYPES[index]?.[0], type])).toEqual(TYPES.map(([type, , here]) => [type, here]));
      expect(first.map((value, index) => [TYPES[index]?.[0], value])).toEqual(TYPES.map(([type, , , text]) => [type, text]));
      expect(second.every((value) => value === null)).toBe(true);
      expect(console).toEqual(['c13: DECIMAL(65,30) has more digits than the 38 that can be reckoned with here; it is read as text']);
    });

    test('what has no counterpart is named with its row, its column and a way out', async () => {
      await server.run('CREATE TABLE odd (flag TINYINT(1), day DATE, at DATETIME, span TIME, place POINT)');
      await server.run("INSERT INTO odd VALUES (0, '2026-01-01', '2026-01-01 00:00:00', '00:00:00', POINT(1, 2))");
      await server.run("INSERT INTO odd VALUES (2, '0000-00-00', '2026-02-30 00:00:00', '-26:00:00', NULL)");
      const wrong: readonly (readonly [string, RegExp, string])[] = [
        ['flag', /^Row 2, column “flag”: “2” is neither 0 nor 1/, 'CAST(flag AS SIGNED)'],
        ['day', /^Row 2, column “day”: “0000-00-00” is no day/, "NULLIF(CAST(day AS CHAR), '0000-00-00')"],
        ['at', /^Row 2, column “at”: “2026-02-30 00:00:00” is no day/, 'CAST(at AS CHAR)'],
        ['span', /^Row 2, column “span”: “-26:00:00” is no time of a day/, 'TIME_TO_SEC(span)'],
      ];
      for (const [column, message, way] of wrong) {
        await expect(read(`SELECT ${column} FROM odd`)).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(message), remedy: expect.any(String) });
        expect((await read(`SELECT ${way} AS x FROM odd`)).rows).toHaveLength(2);
      }
      await expect(read('SELECT place FROM odd')).rejects.toMatchObject({ message: 'The column “place” is a geometry, which can’t be read as it is.', remedy: expect.stringContaining('ST_AsText') });
      expect((await read('SELECT ST_AsText(place) AS x FROM odd')).rows[0]).toEqual(['POINT(1 2)']);
    });

    test('parameters are compared as what they are', async () => {
      await server.run('CREATE TABLE exact (id BIGINT UNSIGNED, amount DECIMAL(30,10), at DATETIME(6), flag TINYINT(1))');
      await server.run("INSERT INTO exact VALUES (9007199254740993, 12345678901234567890.0000000001, '2026-01-01 10:00:00.000001', 1), (9007199254740992, 12345678901234567890.0000000002, '2026-01-01 10:00:00.000002', 0)");
      expect(await found('id = :x', 'integer', '9007199254740993')).toEqual(['9007199254740993']);
      expect(await found('amount = :x', 'decimal', '12345678901234567890.0000000001')).toEqual(['9007199254740993']);
      expect(await found('at = :x', 'timestamp', '2026-01-01T10:00:00.000001')).toEqual(['9007199254740993']);
      expect(await found('flag = :x', 'boolean', false)).toEqual(['9007199254740992']);
    });

    test('columns of one name are told apart', async () => {
      expect((await read('SELECT 1 AS id, 2 AS id, 3 AS ID')).columns.map(({ name }) => name)).toEqual(['id', 'id:1', 'ID:2']);
    });

    test('texts that differ in case or in spaces at the end are other keys in a table that is made', async () => {
      const write = (rows: string) => runNode(writeNode, { connection: 'db', table: 'words', mode: 'upsert', keys: ['word'], create: true }, { inputs: { in: rows }, connections: [server.connection()] });
      const { report } = await write(`SELECT unnest(['a', 'A', 'a ', 'é', 'e']) AS word, 1 AS n`);
      expect(report).toMatchObject({ 'rows written': 5, inserted: 5, updated: 0 });
      expect((await write(`SELECT unnest(['a', 'b']) AS word, 2 AS n`)).report).toMatchObject({ inserted: 1, updated: 1 });
      expect((await write(`SELECT 'a' AS word, 2 AS n`)).report).toMatchObject({ inserted: 0, updated: 1 });
      expect(await server.run('SELECT word, n FROM words ORDER BY word')).toEqual([['A', '1'], ['a', '2'], ['a ', '1'], ['b', '2'], ['e', '1'], ['é', '1']]);
      await expect(write(`SELECT unnest(['c', NULL]) AS word, 1 AS n`)).rejects.toMatchObject({ message: 'Row 2, column “word”: a key of the upsert is NULL.' });
    });
  });
}
