import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { RecordBatchReader } from 'apache-arrow';
import type { Field, RecordBatch, Schema } from 'apache-arrow';
import type { DuckDBValue } from '@duckdb/node-api';
import { StudioError } from '#shared/errors';
import { registerCodecs } from './arrow-codecs.ts';
import { decodedType, decodingOf, nullable } from './arrow-decode.ts';
import type { Decoding } from './arrow-decode.ts';

/** A column that was asked for, and how it is read. */
export interface ArrowColumn {
  readonly name: string;
  readonly type: string;
  readonly decoding: Decoding;
  readonly at: number;
}

/** An open Arrow file: its fields, and its batches in turn. */
export interface OpenArrow {
  readonly fields: readonly Field[];
  batches(): AsyncIterable<RecordBatch>;
  close(): Promise<void>;
}

const isOurs = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'StudioError';
/** Whatever the library says of a file that it can't read. */
const broken = (thrown: unknown, path: string): unknown =>
  isOurs(thrown) ? thrown : new StudioError('node_failed', 'The Arrow file is broken, or has something that can’t be read here.', { place: path, remedy: 'Fetch or write it again.', detail: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown });

/** Opens one file of either form. Throws node_failed naming it where it is broken. */
export async function openArrow(path: string, form: 'file' | 'stream'): Promise<OpenArrow> {
  registerCodecs();
  const source: FileHandle | ReturnType<typeof createReadStream> = form === 'file' ? await open(path, 'r') : createReadStream(path, { highWaterMark: 1 << 20 });
  const close = async (): Promise<void> => {
    if ('destroy' in source) source.destroy();
    else await source.close().catch(() => undefined);
  };
  try {
    const reader = await RecordBatchReader.from(source as FileHandle);
    await reader.open();
    const schema = reader.schema as Schema | undefined;
    if (schema === undefined || schema === null) throw new Error('It has no schema.');
    return {
      fields: schema.fields,
      close,
      async *batches() {
        try {
          for await (const batch of reader) yield batch;
        } catch (thrown) {
          throw broken(thrown, path);
        }
      },
    };
  } catch (thrown) {
    await close();
    throw broken(thrown, path);
  }
}

/** The columns to read: those named, in their order, or all. `null` for a name that the file lacks. */
export const arrowColumns = (fields: readonly Field[], names: readonly string[]): readonly (ArrowColumn | null)[] =>
  (names.length === 0 ? fields.map((field) => field.name) : names).map((name) => {
    const at = fields.findIndex((field) => field.name === name);
    const field = fields[at];
    if (field === undefined) return null;
    const decoding = decodingOf(field);
    return { name, type: decodedType(decoding), decoding, at };
  });

/** The rows of a batch in pieces of `size`. A column that is null is NULL in each. */
export function* arrowRows(batch: RecordBatch, columns: readonly (ArrowColumn | null)[], size: number): Generator<DuckDBValue[][]> {
  const reads = columns.map((column) => {
    const data = column === null ? undefined : batch.data.children[column.at];
    return column === null || data === undefined ? () => null : nullable(column.decoding, data);
  });
  for (let from = 0; from < batch.numRows; from += size) yield Array.from({ length: Math.min(size, batch.numRows - from) }, (_none, n) => reads.map((read) => read(from + n)));
}
