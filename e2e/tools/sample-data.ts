/**
 * Makes the sample data that is not a file of vega-datasets as it stands, out of those files: `node e2e/tools/sample-data.ts`. Only the
 * shape changes, no value; a test holds what ships against the package.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';

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

penguins();
flights();
