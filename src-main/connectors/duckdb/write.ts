import { rmSync } from 'node:fs';
import { DuckDBDataChunk } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { fitOf } from '../../dataplane/border.ts';
import { quoteName } from '../../dataplane/quoting.ts';
import type { Batch } from '../../nodes/define.ts';
import { pathOf } from '../sql/database-file.ts';
import type { SqlIo, SqlWrite, SqlWritten } from '../sql/driver.ts';
import { checkStage, STAGE } from './culprit.ts';
import { explain } from './failures.ts';
import { openFile } from './instances.ts';
import { interrupting } from './interrupting.ts';
import { openTarget } from './table.ts';
import type { Target } from './table.ts';

/** Rows that are staged before they go into the table: one row group of DuckDB's. */
const STAGED_ROWS = 122_880;
/** Rows of DuckDB's own vectors. */
const VECTOR = 2048;

/** Puts batches into a fresh stage. `flush` moves what is there into the table. */
interface Stage {
  append(rows: Batch['rows']): void;
  flush(): Promise<void>;
}

async function openStage(connection: DuckDBConnection, columns: readonly Column[], target: Target): Promise<Stage> {
  const make = `CREATE OR REPLACE TEMP TABLE millrace_stage (n INTEGER, ${columns.map(({ type }, index) => `c${index} ${type}`).join(', ')})`;
  await connection.run(make);
  const types: readonly DuckDBType[] = (await connection.run(`SELECT * FROM ${STAGE} LIMIT 0`)).columnTypes();
  const fits = columns.map(({ type }) => fitOf(type));
  const names = target.columns.map(({ name }) => quoteName(name));
  const sets = names.flatMap((name, index) => (target.keys.includes(index) ? [] : [`${name} = excluded.${name}`]));
  const conflict = target.keys.length === 0 ? '' : ` ON CONFLICT (${target.keys.map((key) => names[key]).join(', ')}) DO ${sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`}`;
  // Of rows with the same keys the last one counts.
  const last = target.keys.length === 0 ? '' : ` QUALIFY row_number() OVER (PARTITION BY ${target.keys.map((key) => `c${key}`).join(', ')} ORDER BY n DESC) = 1`;
  const move = `INSERT INTO ${target.name} (${names.join(', ')}) SELECT ${target.columns.map(({ type }, index) => `CAST(c${index} AS ${type})`).join(', ')} FROM ${STAGE}${last} ORDER BY n${conflict}`;
  let appender = await connection.createAppender('millrace_stage', 'main', 'temp');
  let staged = 0;
  let before = 0;
  return {
    append(rows) {
      for (let from = 0; from < rows.length; from += VECTOR) {
        const part = rows.slice(from, from + VECTOR);
        const chunk = DuckDBDataChunk.create(types, part.length);
        chunk.setColumnValues(0, part.map((_row, at) => staged + from + at + 1));
        fits.forEach((fit, index) => chunk.setColumnValues(index + 1, part.map((row) => fit(row[index] ?? null) as DuckDBValue)));
        appender.appendDataChunk(chunk);
      }
      staged += rows.length;
    },
    async flush() {
      appender.closeSync();
      if (staged > 0) {
        await checkStage(connection, columns, target, before);
        try {
          await connection.run(move);
        } catch (cause) {
          const words = cause instanceof Error ? cause.message : '';
          throw words.startsWith('Constraint Error') ? new Error(words.replace(/^Constraint Error: /, `Constraint Error: Rows ${(before + 1).toLocaleString('en')} to ${(before + staged).toLocaleString('en')}: `), { cause }) : cause;
        }
      }
      before += staged;
      staged = 0;
      await connection.run(make);
      appender = await connection.createAppender('millrace_stage', 'main', 'temp');
    },
  };
}

const countOf = async (connection: DuckDBConnection, table: string): Promise<number> => Number((await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)).getRows()[0]?.[0] ?? 0);

/** Writes in one transaction, through a stage from which values that do not fit are told by row and column. */
export async function write(to: OpenConnection, request: SqlWrite, input: AsyncIterable<Batch>, io: SqlIo, beforeCommit: (rows: number, columns: readonly Column[]) => Promise<void>): Promise<SqlWritten> {
  const path = pathOf(to, io);
  const opened = await openFile(path, 'write', to.settings['create'] === true, io.signal);
  const { connection, made } = opened;
  let unwatch: (() => void) | undefined;
  let committed = false;
  let target: Target | null = null;
  let stage: Stage | null = null;
  let columns: readonly Column[] = [];
  let rows = 0;
  let staged = 0;
  let there = 0;
  try {
    unwatch = interrupting(connection, io.signal);
    for await (const batch of input) {
      if (target === null || stage === null) {
        columns = batch.columns;
        await connection.run('BEGIN TRANSACTION');
        target = await openTarget(connection, request, columns, path);
        if (request.mode === 'truncate') await connection.run(`DELETE FROM ${target.name}`);
        if (request.mode === 'upsert') there = await countOf(connection, target.name);
        stage = await openStage(connection, columns, target);
      }
      stage.append(batch.rows);
      rows += batch.rows.length;
      staged += batch.rows.length;
      if (staged >= STAGED_ROWS) {
        await stage.flush();
        staged = 0;
      }
      io.signal.throwIfAborted();
    }
    if (target === null || stage === null) throw new StudioError('internal', 'The input gave no batch, so its columns are not known.', { place: path });
    await stage.flush();
    const inserted = request.mode === 'upsert' ? (await countOf(connection, target.name)) - there : null;
    await beforeCommit(rows, columns);
    io.signal.throwIfAborted();
    await connection.run('COMMIT');
    committed = true;
    return { rows, created: target.created, ...(inserted === null ? {} : { inserted, updated: rows - inserted }) };
  } catch (thrown) {
    throw io.signal.aborted ? io.signal.reason : explain(thrown, path);
  } finally {
    unwatch?.();
    // Closing undoes what was not committed.
    await opened.close();
    if (made && !committed) for (const end of ['', '.wal']) rmSync(`${path}${end}`, { force: true });
  }
}
