import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, rmSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Column } from '#shared/data';
import type { KeptOutput } from '#shared/events';
import { isAlive } from '../alive.ts';
import { makeFolder } from '../make-folder.ts';
import { keptColumn, read, written } from './encode.ts';
import type { KeptColumn } from './encode.ts';
import { quoteName, quoteText } from './quoting.ts';
import { untyped } from './session.ts';
import type { Session } from './session.ts';
import { syncFile, syncFolder } from './sync.ts';

/** What a kept file says of its columns, in its own metadata. */
const METADATA = 'millrace';
const Columns = z.array(z.object({ ...Column.shape, as: z.enum(['same', 'text', 'union', 'none']), members: z.array(Column).optional() }));

/** Bytes read at once while a file is hashed. */
const CHUNK = 1 << 20;
const UNFINISHED = /^\.kept\.(\d+)\.part$/u;

/** Where an output of that content rests. Throws a RangeError for what is no SHA-256: it would be a path of somebody's choosing. */
export function keptPath(outputs: string, hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new RangeError(`Not a SHA-256: ${hash.slice(0, 80)}`);
  return join(outputs, hash.slice(0, 2), `${hash}.parquet`);
}

async function sha256(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: CHUNK }), hash, { signal });
  return hash.digest('hex');
}

async function columnsOf(session: Session, relation: string): Promise<readonly KeptColumn[]> {
  const columns = await session.columns(`SELECT * FROM ${relation}`);
  const shape = await session.connection.run(`SELECT * FROM ${relation} LIMIT 0`);
  const isEmpty = (await session.rows(`SELECT 1 FROM ${relation} LIMIT 1`)).length === 0;
  const free = isEmpty ? await untyped(session, relation, columns) : new Set();
  return columns.map((column, index) => (free.has(column.name) ? { ...column, as: 'none' } : keptColumn(column, shape.columnType(index))));
}

/**
 * Writes rows as a Parquet file and puts it under the SHA-256 of its bytes, durable when this returns. The same content is one file:
 * written over by itself, so that a damaged one is whole again. Cancelled or failed, it leaves nothing.
 */
export async function keepRows(session: Session, relation: string, outputs: string, signal: AbortSignal): Promise<{ readonly hash: string; readonly bytes: number }> {
  makeFolder(outputs);
  removeUnfinished(outputs);
  const part = join(outputs, `.kept.${process.pid}.part`);
  try {
    const columns = await columnsOf(session, relation);
    await session.run(`COPY (SELECT ${columns.map(written).join(', ')} FROM ${relation}) TO ${quoteText(part)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${METADATA}: ${quoteText(JSON.stringify(columns))}})`);
    const hash = await sha256(part, signal);
    const path = keptPath(outputs, hash);
    const { size } = statSync(part);
    syncFile(part);
    const made = makeFolder(dirname(path));
    await rename(part, path);
    syncFolder(dirname(path));
    if (made !== undefined) syncFolder(outputs);
    return { hash, bytes: size };
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** The SELECT that reads a Parquet file's rows as they were: with the types that its metadata names, where a run kept it. */
export async function readingOf(session: Session, path: string): Promise<{ readonly select: string; readonly columns: readonly KeptColumn[] }> {
  const file = `read_parquet(${quoteText(path)})`;
  const [row] = await session.rows(`SELECT decode(value) FROM parquet_kv_metadata(${quoteText(path)}) WHERE decode(key) = ${quoteText(METADATA)}`);
  const stored = await session.columns(`SELECT * FROM ${file}`);
  const columns: readonly KeptColumn[] = row === undefined ? stored.map((column) => ({ ...column, as: 'same' })) : (Columns.parse(JSON.parse(String(row[0]))) as readonly KeptColumn[]);
  const types = new Map(stored.map(({ name, type }) => [name, type]));
  return { select: `SELECT ${columns.map((column) => read(column, types.get(column.name) ?? '')).join(', ')} FROM ${file}`, columns };
}

/** A kept output as a table of the session again; null where its file is missing or is not what it was. */
export async function restoreRows(session: Session, table: string, { hash, bytes, rows }: KeptOutput, outputs: string, signal: AbortSignal): Promise<{ readonly sql: string } | null> {
  try {
    const path = keptPath(outputs, hash);
    if (statSync(path, { throwIfNoEntry: false })?.size !== bytes || (await sha256(path, signal)) !== hash) return null;
    const { select, columns } = await readingOf(session, path);
    await session.run(`CREATE OR REPLACE TABLE ${table} AS ${select}`);
    const [[count] = []] = await session.rows(`SELECT count(*) FROM ${table}`);
    if (Number(count) !== rows) return null;
    const free = columns.filter((column) => column.as === 'none').map(({ name }) => `NULL AS ${quoteName(name)}`);
    return { sql: free.length === 0 ? table : `(SELECT * REPLACE (${free.join(', ')}) FROM ${table})` };
  } catch {
    signal.throwIfAborted();
    await session.run(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
    return null;
  }
}

/** Removes what processes that are gone had begun to keep. Never throws. */
export function removeUnfinished(outputs: string): void {
  try {
    for (const entry of readdirSync(outputs)) {
      const pid = UNFINISHED.exec(entry)?.[1];
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(outputs, entry), { force: true });
    }
  } catch {
    // The folder may never have been made.
  }
}
