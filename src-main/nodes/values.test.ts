import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import type { NodeKey } from '#shared/node-spec';
import { runNode } from '../dataplane/node.testing.ts';
import { builtInNodes } from './registry.ts';

/** Values that are lost when anything on the way is careless: each as SQL, with DuckDB's own text for it. */
const HARD = [
  ['nothing', 'NULL::INTEGER', null],
  ['nan', "'nan'::DOUBLE", 'nan'],
  ['infinite', "'-inf'::DOUBLE", '-inf'],
  ['minus zero', "'-0'::DOUBLE", '-0.0'],
  ['big', '9223372036854775807::BIGINT', '9223372036854775807'],
  ['unsigned', '18446744073709551615::UBIGINT', '18446744073709551615'],
  ['huge', '170141183460469231731687303715884105727::HUGEINT', '170141183460469231731687303715884105727'],
  ['exact', '1234567890123456789012345678.1234567890::DECIMAL(38,10)', '1234567890123456789012345678.1234567890'],
  ['zoned', "TIMESTAMPTZ '2026-03-29 01:30:00.123456+02'", '2026-03-28 23:30:00.123456+00'],
  ['local', "TIMESTAMP '9999-12-31 23:59:59.999999'", '9999-12-31 23:59:59.999999'],
  ['day', "DATE '0001-01-01'", '0001-01-01'],
  ['bytes', String.raw`'\x00\xFF\x27'::BLOB`, String.raw`\x00\xFF\x27`],
  ['letters', "'é中😀 \"quoted\", it''s' || chr(10) || chr(9)", "é中😀 \"quoted\", it's\n\t"],
  ['empty', "''", ''],
  ['list', '[1, NULL]::BIGINT[]', '[1, NULL]'],
  ['record', "{'a': 1, 'b': NULL::DATE}", "{'a': 1, 'b': NULL}"],
  ['id', "UUID '00000000-0000-0000-0000-000000000001'", '00000000-0000-0000-0000-000000000001'],
] as const;
const SELECT = `SELECT ${HARD.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')}`;

/** Every transform that passes its input's values on, with a config under which it changes none of them. */
const CARRIERS: readonly (readonly [key: NodeKey, config: JsonObject, port: string])[] = [
  ['transform/map.transform', {}, 'in'],
  ['transform/map.transform', { columns: [{ name: 'more', expression: '1' }] }, 'in'],
  ['transform/map.transform', { operation: 'toUpperCase', field: 'empty' }, 'in'],
  ['transform/filter.condition', { condition: 'big > 0' }, 'in'],
  ['transform/data.clean', {}, 'in'],
  ['transform/data.clean', { emptyAsNull: true, columns: ['list'], deduplicate: false }, 'in'],
  ['transform/data.clean', { deduplicate: true }, 'in'],
  ['transform/data.clean', { columns: ['big'], removeNull: true }, 'in'],
  ['transform/data.clean', { columns: ['big'], deduplicate: true }, 'in'],
  ['transform/data.transform', {}, 'in'],
  ['transform/data.transform', { rules: [{ type: 'rename', columns: { big: 'b' } }, { type: 'rename', columns: { b: 'big' } }] }, 'in'],
  ['transform/data.transform', { rules: [{ type: 'sort', by: ['big'] }, { type: 'limit', count: 5 }, { type: 'derive', name: 'more', expression: 'big' }] }, 'in'],
  ['transform/data.transform', { rules: [{ type: 'select', columns: HARD.map(([name]) => name) }] }, 'in'],
  ['transform/sql.transform', { query: 'SELECT * FROM input' }, 'input'],
];

test.each(CARRIERS)('%s with %j leaves every value and type as it is', async (key, config, port) => {
  const node = builtInNodes.get(key);
  if (node === undefined) throw new Error(`no node ${key}`);
  const { outputs } = await runNode(node, config, { inputs: { [port]: SELECT } });
  const out = outputs['out'];
  const values = HARD.map(([name]) => out?.rows[0]?.[out.columns.findIndex((column) => column.name === name)]);
  expect(Object.fromEntries(HARD.map(([name], index) => [name, values[index]]))).toEqual(Object.fromEntries(HARD.map(([name, , text]) => [name, text])));
  expect(out?.rows).toHaveLength(1);
  expect(out?.columns.filter((column) => column.name !== 'more').map((column) => column.type)).toEqual(TYPES);
});

const TYPES = ['INTEGER', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DECIMAL(38,10)', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP', 'DATE', 'BLOB', 'VARCHAR', 'VARCHAR', 'BIGINT[]', 'STRUCT(a INTEGER, b DATE)', 'UUID'];

test.each([
  ['transform/aggregate.count', { groupBy: HARD.map(([name]) => name) }],
  ['transform/aggregate.sum', { field: 'big', groupBy: HARD.map(([name]) => name) }],
] as const)('%s keeps the values it groups by', async (key, config) => {
  const node = builtInNodes.get(key);
  if (node === undefined) throw new Error(`no node ${key}`);
  const { outputs } = await runNode(node, config, { inputs: { in: SELECT } });
  expect(outputs['out']?.rows[0]?.slice(0, HARD.length)).toEqual(HARD.map(([, , text]) => text));
});
