import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { runNode } from '../../dataplane/node.testing.ts';
import queryNode from '../../nodes/sql-query/run.ts';
import writeNode from '../../nodes/sql-write/run.ts';
import { postgresqlMissing, startPostgresql } from '../servers/postgresql.testing.ts';
import type { PostgresqlServer } from '../servers/postgresql.testing.ts';

const missing = postgresqlMissing();

const param = (name: string, type: string, value: string): JsonObject => ({ name, type, value });

/** PostgreSQL's own values, as what they arrive, and DuckDB's text for them. */
const READ: readonly (readonly [sql: string, type: string, text: string | null])[] = [
  ["'-32768'::int2", 'SMALLINT', '-32768'],
  ["'4294967295'::oid", 'UINTEGER', '4294967295'],
  ["'123.4500'::numeric(10,4)", 'DECIMAL(10,4)', '123.4500'],
  ["'-0.05'::numeric(4,2)", 'DECIMAL(4,2)', '-0.05'],
  ["'12300'::numeric(3,-2)", 'DECIMAL(5,0)', '12300'],
  ["'0.00123'::numeric(3,5)", 'DECIMAL(5,5)', '.00123'],
  ["('9' || repeat('9', 37))::numeric(38,0)", 'DECIMAL(38,0)', '9'.repeat(38)],
  ["'170141183460469231731687303715884105727'::numeric(39,0)", 'HUGEINT', '170141183460469231731687303715884105727'],
  ["'1.10'::numeric", 'VARCHAR', '1.10'],
  ["'NaN'::numeric", 'VARCHAR', 'NaN'],
  ['sum(7::int8)', 'VARCHAR', '7'],
  ["'1e-45'::float4", 'FLOAT', '1e-45'],
  ["'Infinity'::float8", 'DOUBLE', 'inf'],
  ["'NaN'::float4", 'FLOAT', 'nan'],
  ["'-0'::float8", 'DOUBLE', '-0.0'],
  ["'ab'::char(4)", 'VARCHAR', 'ab  '],
  [String.raw`'\x00ff5c'::bytea`, 'BLOB', String.raw`\x00\xFF\x5C`],
  ["'infinity'::date", 'DATE', 'infinity'],
  ["'4713-01-01 BC'::date", 'DATE', '4713-01-01 (BC)'],
  ["'0001-12-31 BC'::date", 'DATE', '0001-12-31 (BC)'],
  ["'5874897-12-31'::date", 'DATE', '5874897-12-31'],
  ["'24:00:00'::time", 'TIME', '24:00:00'],
  ["'10:20:30.5-03:30'::timetz", 'TIME WITH TIME ZONE', '10:20:30.5-03:30'],
  ["'-infinity'::timestamp", 'TIMESTAMP', '-infinity'],
  ["'4713-01-01 00:00:00.000001 BC'::timestamp", 'TIMESTAMP', '4713-01-01 (BC) 00:00:00.000001'],
  ["'294000-12-31 23:59:59.999999'::timestamp", 'TIMESTAMP', '294000-12-31 23:59:59.999999'],
  ["'infinity'::timestamptz", 'TIMESTAMP WITH TIME ZONE', 'infinity'],
  ["'2026-01-01 00:00:00+05:45'::timestamptz", 'TIMESTAMP WITH TIME ZONE', '2025-12-31 18:15:00+00'],
  ["'-1 years 2 mons -3 days 04:05:06.789'::interval", 'INTERVAL', '-10 months -3 days 04:05:06.789'],
  ["'-00:00:00.5'::interval", 'INTERVAL', '-00:00:00.5'],
  [`'{"b": 1, "a": 1.10}'::json`, 'JSON', '{"b": 1, "a": 1.10}'],
  [`'{"b": 1, "a": 1.10}'::jsonb`, 'JSON', '{"a": 1.10, "b": 1}'],
  ["'{1,NULL,3}'::int4[]", 'INTEGER[]', '[1, NULL, 3]'],
  ["'[5:6]={1.5,2.25}'::numeric(5,2)[]", 'DECIMAL(5,2)[]', '[1.50, 2.25]'],
  [String.raw`'{"a,b","c\"d\\",NULL,"NULL",""}'::text[]`, 'VARCHAR[]', String.raw`['a,b', 'c"d\\', NULL, 'NULL', '']`],
  ["array['2026-01-01'::timestamptz]", 'TIMESTAMP WITH TIME ZONE[]', "['2026-01-01 00:00:00+00']"],
  ["'{}'::bool[]", 'BOOLEAN[]', '[]'],
  ["array['happy','sad']::mood[]", 'VARCHAR[]', '[happy, sad]'],
  ["'happy'::mood", 'VARCHAR', 'happy'],
  ["'12.5'::price", 'DECIMAL(8,2)', '12.50'],
  ["array['12.5']::price[]", 'VARCHAR[]', '[12.50]'],
  ["'10.0.0.1/8'::inet", 'VARCHAR', '10.0.0.1/8'],
  ["'101'::bit(3)", 'VARCHAR', '101'],
  ["'[1,5)'::int4range", 'VARCHAR', '[1,5)'],
  ["row(1, 'a b')", 'VARCHAR', '(1,"a b")'],
  ["null::int", 'INTEGER', null],
];

describe.skipIf(missing !== null)(`PostgreSQL's own types${missing === null ? '' : `: ${missing}`}`, () => {
  let server: PostgresqlServer;
  beforeAll(async () => {
    server = await startPostgresql();
    await server.run("CREATE TYPE mood AS ENUM ('happy', 'sad'); CREATE DOMAIN price AS numeric(8,2) CHECK (VALUE >= 0)");
  });
  afterAll(() => server?.stop());
  const read = async (query: string, params: readonly JsonObject[] = []) => {
    const { outputs, console } = await runNode(queryNode, { connection: 'db', query, params }, { connections: [server.connection()] });
    return { columns: outputs['out']?.columns ?? [], rows: outputs['out']?.rows ?? [], console };
  };
  const write = (table: string, rows: string, config: JsonObject = {}) => runNode(writeNode, { connection: 'db', table, ...config }, { inputs: { in: rows }, connections: [server.connection()] });

  test('values arrive as what they are', async () => {
    const { columns, rows } = await read(`SELECT ${READ.map(([sql], index) => `${sql} AS c${index}`).join(', ')}`);
    expect(READ.map(([sql], index) => [sql, columns[index]?.type, rows[0]?.[index]])).toEqual(READ.map((one) => [...one]));
  });

  test('a numeric without a precision is text, and the console says so', async () => {
    expect((await read('SELECT 1.5 AS amount')).console).toEqual([expect.stringMatching(/“amount” is numeric without a precision/)]);
  });

  test('nested arrays go by what the column declares; one of another depth is named', async () => {
    await server.run("DROP TABLE IF EXISTS boxes; CREATE TABLE boxes (id int, grid int[][]); INSERT INTO boxes VALUES (1, '{{1,2},{3,NULL}}'), (2, NULL)");
    const { columns, rows } = await read('SELECT * FROM boxes ORDER BY id');
    expect([columns[1]?.type, rows]).toEqual(['INTEGER[][]', [['1', '[[1, 2], [3, NULL]]'], ['2', null]]]);
    await server.run("INSERT INTO boxes VALUES (3, '{1}')");
    await expect(read('SELECT * FROM boxes ORDER BY id')).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/^Row 3, column “grid”: .*dimensions/), remedy: expect.stringContaining('to_jsonb') });
  });

  test.each([
    ["'294276-12-31'::timestamp", /beyond what a TIMESTAMP holds/],
    ["'NaN'::numeric(5,2)", /NaN/],
    ["'999999999999999999999999999999999999999'::numeric(39,0)", /HUGEINT/],
  ])('%s is named with its row and column', async (sql, why) => {
    await expect(read(`SELECT n, CASE WHEN n = 3000 THEN ${sql} END::${sql.split('::')[1] ?? ''} AS odd FROM generate_series(1, 4000) n`)).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(new RegExp(`^Row 3,000, column “odd”: .*${why.source}`)) });
  });

  test('parameters of every type, in a session whose zone is not the server’s', async () => {
    const { columns, rows } = await read('SELECT :i AS i, :d AS d, :f AS f, :b AS b, :day AS day, :at AS at, :local AS local, :j AS j, :t AS t, n FROM generate_series(1, 5) n WHERE n = :auto', [
      param('i', 'integer', '9223372036854775807'), param('d', 'decimal', '1.10'), param('f', 'double', 'NaN'), param('b', 'boolean', 'true'), param('day', 'date', '2026-02-28'),
      param('at', 'timestamp', '2026-01-01T00:00:00+05:45'), param('local', 'timestamp', '2026-01-01 10:00'), param('j', 'json', '{"a":1}'), param('t', 'text', "it's"), param('auto', 'auto', '4'),
    ]);
    expect(columns.map(({ type }) => type)).toEqual(['BIGINT', 'VARCHAR', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP', 'JSON', 'VARCHAR', 'INTEGER']);
    expect(rows).toEqual([['9223372036854775807', '1.10', 'nan', 'true', '2026-02-28', '2025-12-31 18:15:00+00', '2026-01-01 10:00:00', '{"a": 1}', "it's", '4']]);
  });

  test('a name that stands twice is one value; what the server does not understand is shown where it stands', async () => {
    const { rows } = await read('SELECT date_trunc(:unit, at) AS at, count(*) FROM generate_series(:from::date, :from::date + 40, interval \'1 day\') at GROUP BY date_trunc(:unit, at) ORDER BY 1', [{ name: 'unit', type: 'text', value: 'month' }, { name: 'from', type: 'auto', value: '2026-01-01' }]);
    expect(rows).toEqual([['2026-01-01 00:00:00+00', '31'], ['2026-02-01 00:00:00+00', '10']]);
    await expect(read('SELECT 1,\n  FROM things')).rejects.toMatchObject({ code: 'node_failed', message: 'Syntax error at or near "FROM" (line 2, at “FROM things”).', place: expect.stringContaining('/postgres') });
  });

  test('DuckDB’s rarer types are written, and made a table of', async () => {
    await server.run('DROP TABLE IF EXISTS rare');
    await write('rare', `SELECT DATE 'infinity' AS forever, '-infinity'::TIMESTAMP AS never, TIMESTAMP '0044-03-15 (BC) 12:00:00.5' AS ides, '10:20:30.5-03:30'::TIMETZ AS there, INTERVAL '-14 months 3 days -4 hours 5.5 seconds' AS span,
      '10110'::BIT AS bits, '2026-01-01 00:00:00.123456'::TIMESTAMP_NS AS fine, '2026-01-01 00:00:01'::TIMESTAMP_S AS coarse, MAP {'k': 1.5} AS map, [{'a': 1}] AS records, [[1, 2], [3, NULL]] AS grid, array_value(1, 2) AS pair, 'happy'::ENUM ('happy') AS mood, 340282366920938463463374607431768211455::UHUGEINT AS vast`, { create: true });
    const [row = []] = await server.run("SET intervalstyle = 'postgres'; SELECT forever, never, ides, there, span, bits, fine, coarse, map, records, grid, pair, mood, vast FROM rare");
    expect(row).toEqual(['infinity', '-infinity', '0044-03-15 12:00:00.5 BC', '10:20:30.5-03:30', '-1 years -2 mons +3 days -03:59:54.5', '10110', '2026-01-01 00:00:00.123456', '2026-01-01 00:00:01', '{"k": 1.5}', '[{"a": 1}]', '{{1,2},{3,NULL}}', '{1,2}', 'happy', '340282366920938463463374607431768211455']);
    const types = await server.run("SELECT string_agg(format_type(atttypid, atttypmod), ' | ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'rare'::regclass AND attnum > 0");
    expect(types).toEqual([['date | timestamp without time zone | timestamp without time zone | time with time zone | interval | bit varying | timestamp without time zone | timestamp without time zone | jsonb | jsonb | integer[] | integer[] | text | numeric']]);
  });

  test('texts become what the columns are; enums, domains and addresses too', async () => {
    await server.run('DROP TABLE IF EXISTS odd; CREATE TABLE odd (id int GENERATED ALWAYS AS IDENTITY, mood mood, price price, ip inet, data bytea, tags text[], at timestamptz(0), doc jsonb, double price GENERATED ALWAYS AS (price * 2) STORED)');
    await write('odd', `SELECT 5 AS id, 'sad' AS mood, 2.50 AS price, '10.0.0.1' AS ip, 'é\\' AS data, '{"a b",c}' AS tags, TIMESTAMP '2026-01-01 10:00:00' AS at, '{"a":1}' AS doc`);
    expect(await server.run("SET timezone = 'UTC'; SELECT * FROM odd")).toEqual([['5', 'sad', '2.50', '10.0.0.1', String.raw`\xc3a95c`, '{"a b",c}', '2026-01-01 10:00:00+00', '{"a": 1}', '5.00']]);
    for (const [rows, message] of [
      ["SELECT 1 AS id, 'angry' AS mood", /^Row 1, column “mood”: .*mood/], ['SELECT -1 AS price', /^Row 1, column “price”: .*check/], ["SELECT 'nowhere' AS ip", /^Row 1, column “ip”/], ["SELECT TIMESTAMP '2026-01-01 10:00:00.5' AS at", /^Row 1, column “at”: .*decimals/],
      ["SELECT '{' AS doc", /^Row 1, column “doc”/], ["SELECT '1'::BLOB AS ip", /“ip” \(BLOB\)/], ['SELECT 1 AS double', /computes the column “double” itself/], ['SELECT [1] AS price', /price/], ['SELECT 1 AS tags', /“tags” \(INTEGER\) can’t be written/],
    ] as const)
      await expect(write('odd', rows), rows).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(message), remedy: expect.stringMatching(/./) });
    expect(await server.run('SELECT count(*) FROM odd')).toEqual([['1']]);
  });

  test('nothing is lost without a word', async () => {
    await server.run('DROP TABLE IF EXISTS narrow; CREATE TABLE narrow (day date, local timestamp, cents numeric(10,2), whole int, f float8)');
    for (const [rows, message] of [
      ["SELECT TIMESTAMP '2026-01-01 10:00:00' AS day", /^Row 1, column “day”: .*time of day/], ["SELECT TIMESTAMPTZ '2026-01-01 10:00:00+02' AS local", /“local” \(TIMESTAMP WITH TIME ZONE\) can’t be written/],
      ['SELECT 0.005::DOUBLE AS cents', /^Row 1, column “cents”: .*decimals/], ["SELECT '1.234' AS cents", /^Row 1, column “cents”/], ['SELECT 1e-9::DOUBLE AS cents', /^Row 1, column “cents”/], ['SELECT 1.5 AS whole', /^Row 1, column “whole”/], ['SELECT 3000000000 AS whole', /^Row 1, column “whole”: .*out of range/],
      ["SELECT '2026-01-01 00:00:00.000000001'::TIMESTAMP_NS AS local", /^Row 1, column “local”: .*nanoseconds/], ["SELECT 1 AS whole, DATE '9000-01-01 (BC)' AS day", /^Row 1, column “day”: .*calendar/],
    ] as const)
      await expect(write('narrow', rows), rows).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(message) });
    await write('narrow', "SELECT TIMESTAMP '2026-01-01' AS day, 2.500::DECIMAL(9,3) AS cents, 7.0::DOUBLE AS whole, '-0'::DOUBLE AS f, DATE '2026-01-02' AS local");
    expect(await server.run('SELECT * FROM narrow')).toEqual([['2026-01-01', '2026-01-02 00:00:00', '2.50', '7', '-0']]);
  });

  test('views, partitions and policies are written as well', async () => {
    await server.run(`DROP TABLE IF EXISTS base, parts CASCADE; CREATE TABLE base (id int PRIMARY KEY, name text); CREATE VIEW shown AS SELECT * FROM base;
      CREATE TABLE parts (id int, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region); CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a')`);
    await write('shown', "SELECT 1 AS id, 'x' AS name");
    for (let again = 0; again < 2; again += 1) await write('parts', "SELECT 1 AS id, 'a' AS region", { mode: 'upsert', keys: ['id', 'region'] });
    expect([await server.run('SELECT * FROM base'), await server.run('SELECT * FROM parts')]).toEqual([[['1', 'x']], [['1', 'a']]]);
    await expect(write('parts', "SELECT 1 AS id, 'b' AS region")).rejects.toMatchObject({ message: expect.stringMatching(/^Row 1: .*partition/i) });
  });

  test('a rule of the table that a row breaks is told with the row, and one that is checked at the end before anything is announced', async () => {
    await server.run('DROP TABLE IF EXISTS child, parent; CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int CHECK (id < 5), parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
    await expect(write('child', 'SELECT i::INTEGER AS id FROM range(1, 9) t(i) ORDER BY i')).rejects.toMatchObject({ message: expect.stringMatching(/^Row 5: .*check constraint/) });
    const intents: string[] = [];
    const writing = runNode(writeNode, { connection: 'db', table: 'child' }, { inputs: { in: 'SELECT 1 AS id, 7 AS parent' }, connections: [server.connection()], intend: ({ what }) => void intents.push(what) });
    await expect(writing).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('foreign key'), detail: expect.stringContaining('parent') });
    expect(intents).toEqual([]);
  });

  test('schemas, case, and names that mean two', async () => {
    await server.run('DROP SCHEMA IF EXISTS "My Sales" CASCADE; CREATE SCHEMA "My Sales"; DROP TABLE IF EXISTS "Mixed", mixed');
    await write('"My Sales".orders', 'SELECT 1 AS id', { create: true });
    await write('postgres."My Sales".Orders', 'SELECT 2 AS ID');
    expect(await server.run('SELECT id FROM "My Sales".orders ORDER BY 1')).toEqual([['1'], ['2']]);
    await server.run('CREATE TABLE "Mixed" (id int); CREATE TABLE mixed (id int)');
    await write('Mixed', 'SELECT 1 AS id');
    expect(await server.run('SELECT id FROM "Mixed"')).toEqual([['1']]);
    await expect(write('MIXED', 'SELECT 1 AS id')).rejects.toMatchObject({ message: expect.stringMatching(/“Mixed” or “mixed”|“mixed” or “Mixed”/) });
    await expect(write('other.public.mixed', 'SELECT 1 AS id')).rejects.toMatchObject({ message: expect.stringContaining('“other”') });
    await expect(write('x'.repeat(64), 'SELECT 1 AS id', { create: true })).rejects.toMatchObject({ message: expect.stringContaining('too long') });
  });
});
