import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { postgresqlMissing, startPostgresql } from '../../src-main/connectors/servers/postgresql.testing.ts';
import { tidy } from '../kills/command-line.ts';
import { newPerson, rowsOf } from './person.ts';

afterEach(tidy);

interface Bird {
  readonly Species: string;
  readonly Island: string;
  readonly Sex: string | null;
  readonly 'Beak Length (mm)': number | null;
  readonly 'Beak Depth (mm)': number | null;
  readonly 'Flipper Length (mm)': number | null;
  readonly 'Body Mass (g)': number | null;
}
const birds = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/penguins.json'), 'utf8')) as readonly Bird[];
/** A measure as DuckDB writes a DOUBLE. */
const double = (value: number | null): string => (Number.isInteger(value) ? `${value}.0` : String(value));
/** The rows that are to come out: complete ones, in the table's order. */
const complete = birds.flatMap((bird, index) => {
  const row = [bird.Species, bird.Island, bird.Sex, bird['Beak Length (mm)'], bird['Beak Depth (mm)'], bird['Flipper Length (mm)'], bird['Body Mass (g)']] as const;
  return row.includes(null) || bird.Sex === '.' ? [] : [[String(index + 1), row[0], row[1], row[2], double(row[3]), double(row[4]), double(row[5]), String(row[6])]];
});

/** Mean, least, greatest and number of the masses of each species on each island, worked out here a second time. */
const summary = (): string => {
  const groups = Map.groupBy(complete, ([, species, island]) => `${species},${island}`);
  const lines = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([group, rows]) => {
    const masses = rows.map((row) => Number(row[7]));
    const mean = Math.round((masses.reduce((sum, mass) => sum + mass, 0) / masses.length) * 10) / 10;
    return `${group},${double(mean)},${Math.min(...masses)},${Math.max(...masses)},${masses.length}`;
  });
  return `species,island,avg,min,max,count\n${lines.join('\n')}\n`;
};

const PARQUET = /^penguins-\d{4}-\d\d-\d\d\.parquet$/u;
const SUMMARY = /^penguins-summary-\d{4}-\d\d-\d\d\.csv$/u;

test('as it ships: the sample database becomes a cleaned Parquet file and a summary, byte by byte', async () => {
  const person = newPerson();
  const file = person.take('database-to-parquet');
  await person.connect('Field database', 'sqlite', { path: 'data/penguins.sqlite' });
  const ran = await person.run(file);
  expect([ran.status, ran.said.code]).toEqual(['completed', 0]);
  const parquet = person.output(PARQUET);
  expect(complete).toHaveLength(333);
  expect(await rowsOf(`SELECT * FROM '${parquet}'`)).toEqual(complete);
  expect(await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${parquet}')`)).toEqual([
    ['id', 'BIGINT'], ['species', 'VARCHAR'], ['island', 'VARCHAR'], ['sex', 'VARCHAR'], ['beak_length_mm', 'DOUBLE'], ['beak_depth_mm', 'DOUBLE'], ['flipper_length_mm', 'DOUBLE'], ['body_mass_g', 'BIGINT'],
  ]);
  expect(readFileSync(person.output(SUMMARY), 'utf8')).toBe(summary());
});

const literal = (value: string | number | null): string => (typeof value === 'string' ? `'${value}'` : String(value ?? 'NULL'));
const missing = postgresqlMissing();
test.skipIf(missing !== null)(`from PostgreSQL the files are the same${missing === null ? '' : ` (${missing})`}`, async () => {
  const database = await startPostgresql();
  try {
    await database.run(`CREATE TABLE penguins (id bigint PRIMARY KEY, species text, island text, beak_length_mm float8, beak_depth_mm float8, flipper_length_mm float8, body_mass_g bigint, sex text);
      INSERT INTO penguins VALUES ${birds.map((bird, index) => `(${[index + 1, ...Object.values(bird) as (string | number | null)[]].map(literal).join(', ')})`).join(', ')}`);
    const person = newPerson();
    const file = person.take('database-to-parquet');
    const { settings, secrets } = database.connection();
    const { port, user, database: name } = settings as { readonly port: number; readonly user: string; readonly database: string };
    await person.connect('Field database', 'postgresql', { host: '127.0.0.1', port, database: name, user }, { field: 'password', value: secrets['password'] ?? '' });
    expect(await person.run(file)).toMatchObject({ status: 'completed' });
    expect(await rowsOf(`SELECT * FROM '${person.output(PARQUET)}'`)).toEqual(complete);
    expect(readFileSync(person.output(SUMMARY), 'utf8')).toBe(summary());
  } finally {
    await database.stop();
  }
});

test('without its connection nothing runs and nothing is written: the sentence names it and what to do; an import says what is missing', async () => {
  const person = newPerson();
  const file = person.take('database-to-parquet');
  const ran = await person.run(file);
  expect(ran.said.code).not.toBe(0);
  expect(ran.said.stderr).toMatch(/“Field database”/u);
  expect(existsSync(join(person.folder, 'output'))).toBe(false);
  const imported = await person.cli(['import', file, '--json']);
  expect(JSON.parse(imported.stdout)).toMatchObject({ missing: [{ name: 'Field database', kinds: expect.arrayContaining(['sqlite', 'postgresql']) as string[], nodes: ['penguins'] }] });
});

test('every night: switched on, its schedule starts it by itself, and both files are there with the day in their names', async () => {
  const person = newPerson();
  const file = person.take('database-to-parquet', (flow) => {
    // A night is a second here.
    flow.metadata.schedule = { ...flow.metadata.schedule, enabled: true, expression: '* * * * * *' };
  });
  await person.connect('Field database', 'sqlite', { path: join(person.folder, 'data/penguins.sqlite') });
  const { path } = JSON.parse((await person.cli(['import', file, '--json'])).stdout) as { readonly path: string };
  let heard = '';
  const said = await person.cli(['scheduler', '--json'], {
    meanwhile: (child) => child.stdout?.on('data', (text: Buffer) => {
      heard += text.toString('utf8');
      if (/"event":"ended"/u.test(heard)) child.kill('SIGTERM');
    }),
  });
  const lines = said.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { readonly event: string; readonly status?: string });
  expect([said.code, lines.find(({ event }) => event === 'ended')]).toMatchObject([0, { status: 'completed' }]);
  const output = join(dirname(path), 'output');
  const named = (name: RegExp): string => join(output, readdirSync(output).find((one) => name.test(one)) ?? 'no such file');
  expect(await rowsOf(`SELECT * FROM '${named(PARQUET)}'`)).toEqual(complete);
  expect(readFileSync(named(SUMMARY), 'utf8')).toBe(summary());
});
