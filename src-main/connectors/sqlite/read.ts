import { setImmediate } from 'node:timers/promises';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';
import { distinctNames, shown } from '../sql/cells.ts';
import { pathOf } from '../sql/database-file.ts';
import { badValue } from '../sql/failures.ts';
import type { SqlIo, SqlRead } from '../sql/driver.ts';
import { bound } from '../sql/parameters.ts';
import type { BoundValue } from '../sql/parameters.ts';
import { explain } from './failures.ts';
import { openFile, whileBusy } from './open.ts';
import { tablesOf } from './table.ts';
import { decodeOf, typeOfDeclared, typeOfSeen } from './types.ts';
import type { Decode, Stored } from './types.ts';

const BATCH_ROWS = 2048;

const kindOf = (value: Stored): string => (value instanceof Uint8Array ? 'a blob' : typeof value === 'string' ? 'a text' : typeof value === 'bigint' ? 'a whole number' : 'a number');

/** SQLite has no booleans: 1 and 0. A decimal is bound as text, which it compares with numbers as a number. */
const toBind = ({ value }: BoundValue): string | number | bigint | null => (typeof value === 'boolean' ? BigInt(value) : value);

function decoded(rows: readonly (readonly (Stored | null)[])[], before: number, names: readonly string[], types: readonly string[], decodes: readonly Decode[], path: string): readonly (readonly unknown[])[] {
  return rows.map((row, at) =>
    row.map((value, index) => {
      if (value === null) return null;
      const made = decodes[index]?.(value);
      if (made !== undefined) return made;
      const name = names[index] ?? '';
      throw badValue(path, before + at + 1, name, `“${shown(value)}” is ${kindOf(value)} that is no ${types[index] ?? ''}, as the column’s type says.`, `SQLite lets a column hold anything. Correct the value, or ask for CAST("${name}" AS TEXT).`);
    }));
}

/** The rows of a query on a file that is opened to be read only, a batch at a time: SQLite goes no further than what was asked for. */
export async function* read(connection: OpenConnection, { query, params }: SqlRead, io: SqlIo): AsyncGenerator<Batch> {
  const path = pathOf(connection, io);
  const { text, values } = bound(query, params, 'sqlite', () => '?');
  const { db } = openFile(path, 'read');
  let rows: IterableIterator<(Stored | null)[]> | undefined;
  try {
    const statement = await whileBusy(io.signal, () => db.prepare<unknown[], (Stored | null)[]>(text));
    if (!statement.reader || !statement.readonly) throw new StudioError('node_failed', statement.readonly ? 'The query gives no rows.' : 'The query changes the database; here it may only read.', { place: 'query', remedy: 'Write a SELECT.' });
    statement.raw(true).safeIntegers(true);
    const found = statement.columns();
    const names = distinctNames(found.map(({ name }) => name));
    // One that met a lock has ended: it is begun anew.
    let pending = await whileBusy(io.signal, () => (rows = statement.iterate(...values.map(toBind))).next());
    const more = rows ?? statement.iterate(...values.map(toBind));
    let types: readonly string[] = [];
    let decodes: readonly Decode[] = [];
    let count = 0;
    for (;;) {
      const batch: (Stored | null)[][] = [];
      for (; pending.done !== true; pending = more.next()) if (batch.push(pending.value) === BATCH_ROWS) break;
      const ended = pending.done === true;
      if (types.length === 0) {
        types = found.map(({ type }, index) => typeOfDeclared(type) ?? typeOfSeen(batch.map((row) => row[index] ?? null)));
        decodes = types.map(decodeOf);
      }
      if (batch.length > 0 || count === 0) yield { columns: names.map((name, index) => ({ name, type: types[index] ?? 'VARCHAR' })), rows: decoded(batch, count, names, types, decodes, path) };
      count += batch.length;
      if (ended) return;
      // Whoever wants to stop this can say so only between two batches.
      await setImmediate();
      io.signal.throwIfAborted();
      pending = more.next();
    }
  } catch (thrown) {
    throw io.signal.aborted ? io.signal.reason : explain(thrown, path, { known: () => tablesOf(db) });
  } finally {
    rows?.return?.();
    db.close();
  }
}
