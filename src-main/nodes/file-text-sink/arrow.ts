import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { Binary, Bool, DateDay, Decimal, Field, Float32, Float64, Int16, Int32, Int64, Int8, makeBuilder, makeData, RecordBatch, RecordBatchFileWriter, Schema, Struct, TimestampMicrosecond, Uint16, Uint32, Uint64, Uint8, Utf8 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import type { Column } from '#shared/data';
import type { Batch } from '../define.ts';

type Encode = (value: unknown) => unknown;
interface Coding {
  readonly type: DataType;
  /** What the values are collected as, where the library would take another unit for them; the bytes are the same. */
  readonly as?: DataType;
  readonly encode: Encode;
}

const same: Encode = (value) => value;
/** DuckDB's own values know their text. */
const asText: Encode = (value) => (value as { toString(): string }).toString();
const micros: Encode = (value) => (value as { readonly micros: bigint }).micros;

/** A 128-bit two's complement as the four words Arrow wants. */
function words(value: bigint): Uint32Array {
  const whole = BigInt.asUintN(128, value);
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((whole >> shift) & 0xff_ff_ff_ffn));
}

const CODINGS: Readonly<Record<string, () => Coding>> = {
  BOOLEAN: () => ({ type: new Bool(), encode: same }),
  TINYINT: () => ({ type: new Int8(), encode: same }),
  SMALLINT: () => ({ type: new Int16(), encode: same }),
  INTEGER: () => ({ type: new Int32(), encode: same }),
  BIGINT: () => ({ type: new Int64(), encode: same }),
  UTINYINT: () => ({ type: new Uint8(), encode: same }),
  USMALLINT: () => ({ type: new Uint16(), encode: same }),
  UINTEGER: () => ({ type: new Uint32(), encode: same }),
  UBIGINT: () => ({ type: new Uint64(), encode: same }),
  FLOAT: () => ({ type: new Float32(), encode: same }),
  DOUBLE: () => ({ type: new Float64(), encode: same }),
  HUGEINT: () => ({ type: new Decimal(0, 38, 128), encode: (value) => words(value as bigint) }),
  BLOB: () => ({ type: new Binary(), encode: (value) => (value as { readonly bytes: Uint8Array }).bytes }),
  DATE: () => ({ type: new DateDay(), encode: (value) => (value as { readonly days: number }).days * 86_400_000 }),
  TIMESTAMP: () => ({ type: new TimestampMicrosecond(), as: new Int64(), encode: micros }),
  'TIMESTAMP WITH TIME ZONE': () => ({ type: new TimestampMicrosecond('UTC'), as: new Int64(), encode: micros }),
};

/** Arrow's type for a column. What Arrow's JavaScript has no plain type for (times, lists, structs …) becomes DuckDB's text. */
function codingOf({ type }: Column): Coding {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal !== null) return { type: new Decimal(Number(decimal[2]), Number(decimal[1]), 128), encode: (value) => words((value as { readonly value: bigint }).value) };
  return CODINGS[type]?.() ?? { type: new Utf8(), encode: asText };
}

function recordBatch(schema: Schema, codings: readonly Coding[], rows: Batch['rows']): RecordBatch {
  const children = codings.map(({ type, as = type, encode }, index) => {
    const builder = makeBuilder({ type: as, nullValues: [null, undefined] });
    for (const row of rows) builder.append(row[index] === null || row[index] === undefined ? null : encode(row[index]));
    const data = builder.finish().flush();
    return as === type ? data : data.clone(type);
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }));
}

/** Writes an Arrow IPC file, one record batch a batch of rows; never more than one batch waits to be written. */
export async function writeArrow(path: string, batches: AsyncIterable<Batch>): Promise<void> {
  const file = await open(path, 'w');
  const writer = new RecordBatchFileWriter();
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
    let codings: readonly Coding[] = [];
    for await (const { columns, rows } of batches) {
      if (schema === undefined) {
        codings = columns.map(codingOf);
        schema = new Schema(columns.map(({ name }, index) => new Field(name, codings[index]?.type ?? new Utf8(), true)));
      }
      if (rows.length === 0) continue;
      writer.write(recordBatch(schema, codings, rows));
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
