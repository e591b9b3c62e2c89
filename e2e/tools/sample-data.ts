/**
 * Makes the sample data that is not a file of vega-datasets as it stands, out of those files: `node e2e/tools/sample-data.ts`. Only the
 * shape changes, no value; a test holds what ships against the package.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import Sqlite from 'better-sqlite3';
import ExcelJS from 'exceljs';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string): readonly Record<string, string | number | null>[] => JSON.parse(readFileSync(join(root, 'node_modules/vega-datasets/data', name), 'utf8')) as Record<string, string | number | null>[];
const target = (name: string): string => join(root, 'resources/templates/data', name);

/** One row a bird, in the package's order: a database that a first connection can lead to. */
function penguins(): void {
  rmSync(target('penguins.sqlite'), { force: true });
  const db = new Sqlite(target('penguins.sqlite'));
  db.exec(`CREATE TABLE penguins (id INTEGER PRIMARY KEY, species TEXT, island TEXT, beak_length_mm REAL, beak_depth_mm REAL, flipper_length_mm REAL, body_mass_g INTEGER, sex TEXT)`);
  const insert = db.prepare('INSERT INTO penguins VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  db.transaction(() => read('penguins.json').forEach((row, index) => insert.run(index + 1, ...Object.values(row))))();
  db.exec('VACUUM');
  db.close();
}

/** One flight a line, as they would be put into a topic. */
function flights(): void {
  writeFileSync(target('flights.ndjson'), read('flights-2k.json').map((row) => `${JSON.stringify(row)}\n`).join(''));
}

const csv = (name: string): string => join(root, 'node_modules/vega-datasets/data', name);

/** The same values in the formats that have their own nodes. */
async function formats(): Promise<void> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (SELECT symbol, strptime("date", '%b %-d %Y')::DATE AS "date", price FROM read_csv('${csv('stocks.csv')}', types = {'date': 'VARCHAR'})) TO '${target('stocks.parquet')}' (FORMAT parquet, COMPRESSION zstd)`);
  const co2 = (await connection.runAndReadAll(`SELECT "Date"::VARCHAR, "CO2"::DOUBLE FROM read_csv('${csv('co2-concentration.csv')}')`)).getRowsJS() as unknown as (readonly [string, number])[];
  connection.closeSync();
  writeFileSync(target('co2.arrow'), tableToIPC(tableFromArrays({ day: co2.map(([day]) => day), co2: Float64Array.from(co2, ([, ppm]) => ppm) }), 'file'));
  const book = new ExcelJS.Workbook();
  // A workbook says when it was made: this one says it the same each time.
  book.created = book.modified = new Date(Date.UTC(2026, 0, 1));
  const sheet = book.addWorksheet('Wheat and wages');
  sheet.addRow(['year', 'wheat', 'wages']);
  for (const { year, wheat, wages } of read('wheat.json')) sheet.addRow([Number(year), wheat, wages ?? null]);
  await book.xlsx.writeFile(target('wheat.xlsx'));
}

penguins();
flights();
await formats();
