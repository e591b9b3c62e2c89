/**
 * What somebody who knows a library writes for one table, in a process of its own: `node bare.js sqlite from DATABASE CSV` writes the table
 * `orders` into the file, `… to …` fills the table `target` from there.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import Sqlite from 'better-sqlite3';

const [library, direction, database, csv] = process.argv.slice(2) as ['sqlite' | 'duckdb', 'from' | 'to', string, string];
const LINES = 5000;

async function fromSqlite(): Promise<void> {
  const db = new Sqlite(database, { readonly: true });
  const out = createWriteStream(csv);
  let text = '';
  let lines = 0;
  for (const row of db.prepare('SELECT * FROM orders').raw().iterate() as Iterable<readonly unknown[]>) {
    text += `${row.join(',')}\n`;
    lines += 1;
    if (lines % LINES !== 0) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'finish');
  db.close();
}

async function toSqlite(): Promise<void> {
  const db = new Sqlite(database);
  const insert = db.prepare('INSERT INTO target VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  db.exec('BEGIN');
  for await (const line of createInterface({ input: createReadStream(csv) })) {
    const [id, placed, day, category, amount, price, quantity, note] = line.split(',');
    insert.run(Number(id), placed, day, category, Number(amount), price, Number(quantity), note);
  }
  db.exec('COMMIT');
  db.close();
}

async function duckDb(): Promise<void> {
  const instance = await DuckDBInstance.create(database, { threads: '2' });
  const connection = await instance.connect();
  await connection.run(direction === 'from' ? `COPY orders TO '${csv}' (FORMAT csv, HEADER false)` : `COPY target FROM '${csv}' (FORMAT csv, HEADER false)`);
  connection.closeSync();
  instance.closeSync();
}

if (library === 'duckdb') await duckDb();
else await (direction === 'from' ? fromSqlite() : toSqlite());
