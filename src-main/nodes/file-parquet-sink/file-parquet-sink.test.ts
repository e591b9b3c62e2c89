import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { EVERY_TYPE, everyType } from '../../connectors/files/every-type.testing.ts';
import { openSession } from '../../dataplane/session.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import source from '../file-parquet/run.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (select: string, config: JsonObject = {}) => runNode(node, { path: 'o.parquet', ...config }, { folder, inputs: { in: select } });
const back = async () => (await runNode(source, { path: 'o.parquet' }, { folder })).outputs['out'];
async function texts(select: string): Promise<readonly (readonly unknown[])[]> {
  const session = await openSession({ reads: [], writes: [], scratch: join(folder, 's'), memoryLimitMb: 256, threads: 1 });
  try {
    return await session.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${select})`);
  } finally {
    session.close();
  }
}

test('every type comes back with its values; what Parquet has no type for comes back as what holds them', async () => {
  const select = everyType();
  await write(select);
  const found = await back();
  expect(found?.rows).toEqual(await texts(select));
  const differ = (found?.columns ?? []).filter(({ name, type }) => type.replace(/"/g, '') !== (EVERY_TYPE[name]?.[0] ?? '').replace(/"/g, '')).map(({ name, type }) => `${name} ${type}`);
  expect(differ).toEqual(['i128 DECIMAL(38,0)', 'tss TIMESTAMP', 'tsm TIMESTAMP']);
});

test('what changes its type says so', async () => {
  const { console: lines } = await write("SELECT INTERVAL '-1 month 3 microseconds' AS iv, TIMETZ '12:00:00+02' AS tz, '101'::BIT AS bits, [5::HUGEINT] AS h, union_value(n := 1) AS u, 'a'::VARCHAR AS s");
  expect((await back())?.rows).toEqual([['-1 month 00:00:00.000003', '12:00:00+02', '101', '[5]', '{"n":1}', 'a']]);
  expect(lines).toEqual(['Column “iv”: INTERVAL is written as VARCHAR.', 'Column “tz”: TIME WITH TIME ZONE is written as VARCHAR.', 'Column “bits”: BIT is written as VARCHAR.', 'Column “h”: HUGEINT[] is written as DECIMAL(38,0)[].', 'Column “u”: UNION(n INTEGER) is written as JSON.']);
});

test('a 128-bit integer of 39 digits is refused with its column and value', async () => {
  await expect(write('SELECT 170141183460469231731687303715884105727::HUGEINT AS big')).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/“big”.*170141183460469231731687303715884105727/) as string });
});

test.each(['zstd', 'snappy', 'gzip', 'lz4', 'brotli', 'none'])('%s, in groups of the asked size', async (compression) => {
  await write('SELECT range AS n FROM range(10000)', { compression, rowGroupRows: 4096 });
  const session = await openSession({ reads: [join(folder, 'o.parquet')], writes: [], scratch: join(folder, 's'), memoryLimitMb: 256, threads: 1 });
  const rows = await session.rows(`SELECT DISTINCT compression, row_group_num_rows FROM parquet_metadata('${join(folder, 'o.parquet')}') ORDER BY 2`);
  session.close();
  expect(rows.map(([how]) => String(how).toLowerCase())).toContainEqual(expect.stringContaining({ none: 'uncompressed', lz4: 'lz4' }[compression] ?? compression));
  expect(rows.map(([, count]) => Number(count))).toContain(4096);
});

test('a path may hold words of the run; others are refused', async () => {
  expect(Object.keys((await write('SELECT 1 AS a', { path: 'sub-{runId}.parquet' })).files)).toEqual(['sub-run-test.parquet']);
  expect(node.check?.({ path: '{dat}.parquet' })).toMatchObject([{ field: 'path' }]);
});
