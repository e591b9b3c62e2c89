import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { EVERY_TYPE, everyType } from '../../connectors/files/every-type.testing.ts';
import { openSession } from '../../dataplane/session.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import source from '../file-arrow/run.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (select: string, config: JsonObject = {}) => runNode(node, { path: 'o.arrow', ...config }, { folder, inputs: { in: select } });
const back = async () => (await runNode(source, { path: 'o.arrow' }, { folder })).outputs['out'];
async function texts(select: string): Promise<readonly (readonly unknown[])[]> {
  const session = await openSession({ reads: [], writes: [], scratch: join(folder, 's'), memoryLimitMb: 256, threads: 1 });
  try {
    return await session.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${select})`);
  } finally {
    session.close();
  }
}

test.each([['file', 'none'], ['file', 'zstd'], ['stream', 'none'], ['stream', 'zstd']])('as a %s with compression %s every type comes back with its values', async (form, compression) => {
  const select = `SELECT *, [1, NULL]::INTEGER[2] AS arr, [[{'k': MAP {'a': [1.5::DECIMAL(5,2)]}}]] AS nest FROM (${everyType()})`;
  const { console: lines } = await write(select, { form, compression });
  const found = await back();
  expect(found?.rows).toEqual(await texts(select));
  const differ = (found?.columns ?? []).filter(({ name, type }) => EVERY_TYPE[name] !== undefined && type.replaceAll('"', '') !== EVERY_TYPE[name][0].replaceAll('"', '')).map(({ name, type }) => `${name} ${type}`);
  expect(differ).toEqual(['i128 DECIMAL(38,0)', 'id VARCHAR']);
  expect(found?.columns.slice(-2).map(({ type }) => type.replaceAll('"', ''))).toEqual(['INTEGER[2]', 'STRUCT(k MAP(VARCHAR, DECIMAL(5,2)[]))[][]']);
  expect(lines).toEqual(['Column “i128”: HUGEINT is written as DECIMAL(38,0).', 'Column “id”: UUID is written as VARCHAR.']);
});

test('the library itself reads what was written, over many batches, and zstd makes it smaller', async () => {
  await write("SELECT i, 'word ' || (i % 3) AS s FROM range(50000) t(i)");
  const plain = statSync(join(folder, 'o.arrow')).size;
  const table = tableFromIPC(readFileSync(join(folder, 'o.arrow')));
  expect([table.numRows, table.get(49_999)?.['i'], table.get(49_999)?.['s']]).toEqual([50_000, 49_999n, 'word 1']);
  await write("SELECT i, 'word ' || (i % 3) AS s FROM range(50000) t(i)", { compression: 'zstd' });
  expect(statSync(join(folder, 'o.arrow')).size).toBeLessThan(plain / 2);
  expect((await back())?.rows).toHaveLength(50_000);
});

test('without rows the columns are there', async () => {
  await write('SELECT 1 AS a, NULL::DATE AS d WHERE false');
  expect((await back())?.columns).toEqual([{ name: 'a', type: 'INTEGER' }, { name: 'd', type: 'DATE' }]);
});

test('an integer of 39 digits is refused with its column and value, and no file is left; a folder in the place of the file is told', async () => {
  await expect(write('SELECT 170141183460469231731687303715884105727::HUGEINT AS big')).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/“big”.*170141183460469231731687303715884105727/) as string });
  mkdirSync(join(folder, 'dir.arrow'));
  await expect(write('SELECT 1 AS a', { path: 'dir.arrow' })).rejects.toMatchObject({ code: 'io', place: join(folder, 'dir.arrow') });
  expect(node.check?.({ path: '{dat}.arrow', form: 'file', compression: 'none' })).toMatchObject([{ field: 'path' }]);
});
