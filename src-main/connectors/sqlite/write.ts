import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';
import { shown } from '../sql/cells.ts';
import { pathOf } from '../sql/database-file.ts';
import { badValue } from '../sql/failures.ts';
import type { SqlIo, SqlWrite, SqlWritten } from '../sql/driver.ts';
import { explain } from './failures.ts';
import { openFile, whileBusy } from './open.ts';
import type { Db } from './open.ts';
import { openTarget } from './table.ts';
import type { Target } from './table.ts';
import type { Stored } from './types.ts';

/** Puts rows in, one bound statement run again and again; `before`: rows that came earlier. */
function insertRows(db: Db, target: Target, { columns, rows }: Batch, before: number, path: string): void {
  const statement = db.prepare(target.insert);
  const values: (Stored | null)[] = Array.from({ length: columns.length }, () => null);
  rows.forEach((row, at) => {
    const number = before + at + 1;
    for (let index = 0; index < columns.length; index += 1) {
      const given = row[index];
      if (given === null || given === undefined) {
        if (target.keys.includes(index)) throw badValue(path, number, columns[index]?.name ?? '', 'a key of the upsert is NULL.', 'Give it a value before, or leave such rows out.');
        values[index] = null;
        continue;
      }
      const stored = target.stores[index]?.(given) ?? null;
      if (stored !== null && typeof stored === 'object' && 'why' in stored) throw badValue(path, number, columns[index]?.name ?? '', `“${shown(given)}” ${stored.why}.`, 'Change it before, or change the column’s type in the table.');
      values[index] = stored;
    }
    try {
      statement.run(values);
    } catch (thrown) {
      throw explain(thrown, path, { row: number });
    }
  });
}

const countOf = (db: Db, table: string): number => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

/** Writes in one transaction, which holds SQLite's one write lock from the first batch on. */
export async function write(connection: OpenConnection, request: SqlWrite, input: AsyncIterable<Batch>, io: SqlIo, beforeCommit: (rows: number, columns: readonly Column[]) => Promise<void>): Promise<SqlWritten> {
  const path = pathOf(connection, io);
  const { db, made } = openFile(path, 'write', connection.settings['create'] === true);
  let target: Target | null = null;
  let columns: readonly Column[] = [];
  let rows = 0;
  let there = 0;
  let committed = false;
  try {
    for await (const batch of input) {
      if (target === null) {
        columns = batch.columns;
        await whileBusy(io.signal, () => db.exec('BEGIN IMMEDIATE'));
        target = openTarget(db, request, columns, path);
        if (request.mode === 'truncate') db.exec(`DELETE FROM ${target.name}`);
        if (request.mode === 'upsert') there = countOf(db, target.name);
      }
      insertRows(db, target, batch, rows, path);
      rows += batch.rows.length;
      // Whoever wants to stop this can say so only between two batches.
      await setImmediate();
      io.signal.throwIfAborted();
    }
    if (target === null) throw new StudioError('internal', 'The input gave no batch, so its columns are not known.', { place: path });
    await beforeCommit(rows, columns);
    io.signal.throwIfAborted();
    const inserted = request.mode === 'upsert' ? countOf(db, target.name) - there : null;
    await whileBusy(io.signal, () => db.exec('COMMIT'));
    committed = true;
    return { rows, created: target.created, ...(inserted === null ? {} : { inserted, updated: rows - inserted }) };
  } catch (thrown) {
    throw io.signal.aborted ? io.signal.reason : explain(thrown, path);
  } finally {
    // Closing undoes what was not committed.
    db.close();
    if (made && !committed) for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  }
}
