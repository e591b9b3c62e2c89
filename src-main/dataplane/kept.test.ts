import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainFailure } from './failures.ts';
import { keepRows, keptPath, removeUnfinished, restoreRows } from './kept.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

let folder: string;
let outputs: string;
let session: Session;
const never = new AbortController().signal;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-kept-'));
  outputs = join(folder, 'outputs');
  session = await openSession({ reads: [], writes: [], scratch: join(folder, 'scratch'), outputs, memoryLimitMb: 512, threads: 2 });
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Values of every type that the engine has, the awkward ones above all. */
const VALUES: Readonly<Record<string, string>> = {
  boolean: 'true', tinyint: '(-128)::TINYINT', smallint: '(-32768)::SMALLINT', bigint: '9223372036854775807', utinyint: '255::UTINYINT', ubigint: '18446744073709551615::UBIGINT',
  hugeint: "'-170141183460469231731687303715884105727'::HUGEINT", uhugeint: '340282366920938463463374607431768211455::UHUGEINT', bignum: "'123456789012345678901234567890123456789012'::BIGNUM",
  decimal: '123456789012345678901234567890.12345678::DECIMAL(38,8)', 'short decimal': '1.5::DECIMAL(4,1)',
  nan: "'nan'::DOUBLE", infinite: "'-inf'::FLOAT", 'negative zero': '-0.0::DOUBLE', tenth: '0.1::FLOAT',
  text: "'it''s \"quoted\", [a] {b}\n\t' || chr(0) || '测试'", empty: "''", blob: "'\\x00\\xAA''ab'::BLOB", bits: "'0101010101011'::BIT", uuid: "'00112233-4455-6677-8899-aabbccddeeff'::UUID",
  date: "'0044-03-15 (BC)'::DATE", 'no date': "'infinity'::DATE", time: "'12:13:14.123456'::TIME", 'time with zone': "'12:13:14.123456+02:30'::TIMETZ", 'nano time': "'12:13:14.123456789'::TIME_NS",
  timestamp: "'290000-01-01 00:00:00.000001'::TIMESTAMP", 'endless timestamp': "'-infinity'::TIMESTAMP", seconds: "'2024-01-01'::TIMESTAMP_S", 'endless seconds': "'infinity'::TIMESTAMP_S",
  millis: "'2024-01-01 00:00:00.123'::TIMESTAMP_MS", nanos: "'2024-01-01 00:00:00.123456789'::TIMESTAMP_NS", zoned: "'2024-06-01 00:00:00.123456+05'::TIMESTAMPTZ", 'endless zoned': "'infinity'::TIMESTAMPTZ",
  interval: "INTERVAL '1 month' - INTERVAL '31 days' + INTERVAL '-1 microsecond'", enumerated: "'it''s'::ENUM('a', 'it''s')", json: `'{"a": [1, 2.50, null]}'::JSON`,
  list: "['a', NULL, 'NULL', '', ' b ', '[1]', 'c, d', '\\']", 'list of intervals': "[INTERVAL '1 day 1 microsecond', NULL]", 'list of huge': '[170141183460469231731687303715884105727::HUGEINT]', array: '[1, NULL, 3]::INTEGER[3]', 'empty list': '[]::DATE[]',
  struct: `{'a': 1, 'b c': 'x, y: {z}', 'D"e': [NULL::DATE], 'TIMESTAMP_S': true}`, 'struct of huge': "{'a': 1::HUGEINT, 'b': '{''x'': 1}'}", 'no struct': 'NULL::STRUCT(a INTEGER)',
  map: "MAP {'k=1': [1], 'k,2': NULL}", 'map of intervals': "MAP {'k=1': INTERVAL '1 month'}", union: 'union_value(num := 2)::UNION(str VARCHAR, num INTEGER)', 'union of huge': 'union_value("n m" := 2)::UNION(str VARCHAR, "n m" HUGEINT)', variant: "{'a': 1, 'b': [true]}::VARIANT", geometry: "'POINT(1 2)'::GEOMETRY",
};

async function backAndForth(select: string): Promise<{ readonly rows: readonly (readonly unknown[])[]; readonly types: readonly string[] }> {
  await session.run(`CREATE OR REPLACE TABLE run.original AS ${select}`);
  const kept = await keepRows(session, 'run.original', outputs, never);
  const [[count] = []] = await session.rows('SELECT count(*) FROM run.original');
  const back = await restoreRows(session, 'run.back', { port: 'out', rows: Number(count), ...kept }, outputs, never);
  expect(back).not.toBeNull();
  const columns = await session.columns(`SELECT * FROM ${back?.sql}`);
  return { rows: await session.rows(`SELECT * FROM ${back?.sql}`), types: columns.map(({ type }) => type) };
}

test.each(Object.entries(VALUES))('%s comes back the same, with its type', async (_name, value) => {
  const { rows, types } = await backAndForth(`SELECT * FROM (SELECT ${value} AS "a ""value""" UNION ALL SELECT NULL)`);
  expect(types).toEqual((await session.columns('SELECT * FROM run.original')).map(({ type }) => type));
  expect(rows).toEqual(await session.rows('SELECT * FROM run.original'));
});

test('a union comes back as the member it was', async () => {
  await backAndForth(`SELECT ${VALUES['union of huge']} AS u UNION ALL SELECT union_value(str := '2')`);
  expect(await session.rows('SELECT CAST(union_tag(u) AS VARCHAR) FROM run.back')).toEqual([['n m'], ['str']]);
});

test('rows keep their order, also many', async () => {
  await backAndForth('SELECT range AS i, hash(range) AS h FROM range(300000)');
  expect(await session.rows('SELECT count(*) FROM (SELECT i, row_number() OVER () - 1 AS place FROM run.back) WHERE i <> place')).toEqual([[0n]]);
});

test('what no file can hold without loss is refused with its name', async () => {
  await session.run('CREATE OR REPLACE TABLE run.original AS SELECT [union_value(n := 1::HUGEINT)] AS lost');
  await expect(keepRows(session, 'run.original', outputs, never)).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('“lost”') as string });
  expect(readdirSync(outputs).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('the same content is one file, and a damaged one is whole again after it is kept once more', async () => {
  await session.run('CREATE OR REPLACE TABLE run.original AS SELECT range AS i FROM range(1000)');
  const first = await keepRows(session, 'run.original', outputs, never);
  const path = keptPath(outputs, first.hash);
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const kept = { port: 'out', rows: 1000, ...first };
  expect(await restoreRows(session, 'run.back', kept, outputs, never)).toBeNull();
  expect(await keepRows(session, 'run.original', outputs, never)).toEqual(first);
  expect(await restoreRows(session, 'run.back', kept, outputs, never)).toEqual({ sql: 'run.back' });
});

test('what is missing, shorter or no hash at all is not restored', async () => {
  await session.run('CREATE OR REPLACE TABLE run.original AS SELECT range * 7 AS i FROM range(1000)');
  const kept = { port: 'out', rows: 1000, ...(await keepRows(session, 'run.original', outputs, never)) };
  const path = keptPath(outputs, kept.hash);
  writeFileSync(path, readFileSync(path).subarray(0, -1));
  expect(await restoreRows(session, 'run.back', kept, outputs, never)).toBeNull();
  rmSync(path);
  expect(await restoreRows(session, 'run.back', kept, outputs, never)).toBeNull();
  expect(await restoreRows(session, 'run.back', { ...kept, hash: '../../../etc/passwd' }, outputs, never)).toBeNull();
  expect(() => keptPath(outputs, '../x')).toThrow(RangeError);
});

test('columns that never had a type fit everything again', async () => {
  await session.run('CREATE OR REPLACE TABLE run.original AS SELECT 1 AS a WHERE false');
  const kept = await keepRows(session, '(SELECT NULL AS a FROM run.original)', outputs, never);
  const back = await restoreRows(session, 'run.back', { port: 'out', rows: 0, ...kept }, outputs, never);
  expect(await session.rows(`SELECT typeof(any_value(a)) FROM ${back?.sql}`)).toEqual([['"NULL"']]);
});

/** Mounting takes root, as CI has it, and a system that lets root do so. */
const mounts = ((): boolean => {
  const place = mkdtempSync(join(tmpdir(), 'millrace-mount-'));
  const done = process.platform === 'linux' && spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]).status === 0;
  if (done) spawnSync('/bin/umount', [place]);
  rmSync(place, { recursive: true, force: true });
  return done;
})();

test.skipIf(!mounts)('a full disk is said so, and no half file is left', async () => {
  const small = join(folder, 'scratch/small');
  mkdirSync(small, { recursive: true });
  spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
  try {
    await session.run('CREATE OR REPLACE TABLE run.original AS SELECT md5(range::VARCHAR) AS i FROM range(200000)');
    const failure: unknown = await keepRows(session, 'run.original', small, never).catch(explainFailure);
    expect(failure).toMatchObject({ code: 'io', message: 'The disk is full.' });
    expect(readdirSync(small)).toEqual([]);
  } finally {
    spawnSync('/bin/umount', [small]);
  }
});

test('a cancel ends the reading of a large file', async () => {
  await session.run('CREATE OR REPLACE TABLE run.original AS SELECT hash(range) AS i FROM range(200000)');
  const kept = { port: 'out', rows: 200_000, ...(await keepRows(session, 'run.original', outputs, never)) };
  await expect(restoreRows(session, 'run.back', kept, outputs, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow();
});

test('only what processes that are gone had begun is removed', () => {
  const own = join(outputs, `.kept.${process.pid}.part`);
  const gone = join(outputs, '.kept.999999999.part');
  writeFileSync(own, '');
  writeFileSync(gone, '');
  removeUnfinished(outputs);
  expect([existsSync(own), existsSync(gone)]).toEqual([true, false]);
  rmSync(own);
  expect(() => removeUnfinished(join(folder, 'never made'))).not.toThrow();
});
