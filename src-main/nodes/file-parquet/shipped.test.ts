import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { runNode } from '../../dataplane/node.testing.ts';
import type { AnyNode } from '../define.ts';
import arrow from '../file-arrow/run.ts';
import csv from '../file-csv/run.ts';
import excel from '../file-excel/run.ts';
import parquet from './run.ts';

const root = join(import.meta.dirname, '../../..');
const shipped = (name: string): string => join(root, 'resources/templates/data', name);
const packaged = (name: string): string => join(root, 'node_modules/vega-datasets/data', name);
const rowsOf = async (node: AnyNode, config: JsonObject): Promise<readonly (readonly (string | null)[])[]> => (await runNode(node, config)).outputs['out']?.rows ?? [];

test('the sample files in these formats hold the values of their package (made by e2e/tools/sample-data.ts)', async () => {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const written = (day: string): string => `${months[Number(day.slice(5, 7)) - 1]} ${Number(day.slice(8))} ${day.slice(0, 4)}`;
  const stocks = await rowsOf(csv, { path: packaged('stocks.csv'), columns: { date: 'VARCHAR', price: 'DOUBLE' } });
  expect((await rowsOf(parquet, { path: shipped('stocks.parquet') })).map(([symbol = null, day, price = null]) => [symbol, written(day ?? ''), price])).toEqual(stocks);
  const co2 = await rowsOf(csv, { path: packaged('co2-concentration.csv'), columns: { Date: 'VARCHAR', CO2: 'DOUBLE' } });
  expect(await rowsOf(arrow, { path: shipped('co2.arrow') })).toEqual(co2.map(([day, ppm]) => [day, ppm]));
  const wheat = JSON.parse(readFileSync(packaged('wheat.json'), 'utf8')) as readonly { readonly year: string; readonly wheat: number; readonly wages?: number }[];
  expect((await rowsOf(excel, { path: shipped('wheat.xlsx') })).map((row) => row.map((value) => (value === null ? null : Number(value))))).toEqual(wheat.map((row) => [Number(row.year), row.wheat, row.wages ?? null]));
});
