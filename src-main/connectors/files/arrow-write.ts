import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { CompressionType, Field, makeData, RecordBatch, RecordBatchFileWriter, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow';
import type { Batch } from '../../nodes/define.ts';
import { registerCodecs } from './arrow-codecs.ts';
import { encodingOf } from './arrow-encode.ts';
import type { Encoding } from './arrow-encode.ts';
import { changedType } from './parquet.ts';
import { mapLeaves, parseType } from './types.ts';
import type { Type } from './types.ts';

export interface ArrowForm {
  readonly form: 'file' | 'stream';
  readonly compression: 'none' | 'zstd';
}

function recordBatch(schema: Schema, encodings: readonly Encoding[], rows: Batch['rows']): RecordBatch {
  const children = encodings.map(({ data }, index) => data(rows.map((row) => row[index])));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }));
}

/** What Arrow has and its writer here keeps; a leaf of any other type becomes text. */
const KEPT = /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT)|FLOAT|DOUBLE|VARCHAR|BLOB|DATE|TIME|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)$/;
const arrowType = (type: Type): Type =>
  mapLeaves(type, (leaf) => (leaf.kind === 'decimal' || (leaf.kind === 'plain' && KEPT.test(leaf.name)) ? leaf : leaf.kind === 'plain' && leaf.name.endsWith('HUGEINT') ? { kind: 'decimal', width: 38, scale: 0 } : { kind: 'plain', name: 'VARCHAR' }));

/** A sentence for each column that comes back as another type. */
export const changedColumns = (columns: Batch['columns']): readonly string[] => columns.flatMap((column) => changedType(column, arrowType) ?? []);

/** Writes an Arrow IPC file or stream, one record batch a batch of rows; never more than one batch waits to be written. */
export async function writeArrow(path: string, batches: AsyncIterable<Batch>, { form, compression }: ArrowForm = { form: 'file', compression: 'none' }): Promise<void> {
  registerCodecs();
  const file = await open(path, 'w');
  const options = compression === 'zstd' ? { compressionType: CompressionType.ZSTD } : {};
  const writer = form === 'file' ? new RecordBatchFileWriter(options) : new RecordBatchStreamWriter(options);
  const pipe = { writing: false };
  const written = (async () => {
    for await (const bytes of writer) {
      pipe.writing = true;
      await file.writeFile(bytes);
      pipe.writing = false;
    }
  })();
  // Waited for below; the handler only keeps an early failure from being called unhandled.
  written.catch(() => undefined);
  try {
    let schema: Schema | undefined;
    let encodings: readonly Encoding[] = [];
    for await (const { columns, rows } of batches) {
      if (schema === undefined) {
        encodings = columns.map(({ name, type }) => encodingOf(parseType(type), name));
        schema = new Schema(columns.map(({ name }, index) => new Field(name, (encodings[index] as Encoding).type, true)));
      }
      if (rows.length === 0) continue;
      writer.write(recordBatch(schema, encodings, rows));
      do await Promise.race([setImmediate(), written]);
      while (pipe.writing);
    }
    if (schema !== undefined) writer.reset(undefined, schema);
    writer.finish();
    writer.close();
    await written;
  } finally {
    await file.close();
  }
}
