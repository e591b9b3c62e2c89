import { DuckDBArrayValue, DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBIntervalValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue, DuckDBTimestampMillisecondsValue, DuckDBTimestampNanosecondsValue, DuckDBTimestampSecondsValue, DuckDBTimestampTZValue, DuckDBTimestampValue, DuckDBTimeValue } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { DataType, DateUnit, IntervalUnit, Precision, TimeUnit, Vector } from 'apache-arrow';
import type { Data, Field } from 'apache-arrow';
import { StudioError } from '#shared/errors';
import { typeText } from './types.ts';
import type { Type } from './types.ts';

/** Reads the value at a place, which is not NULL. */
type Read = (index: number) => DuckDBValue;
/** How a field's values become the engine's: the type, and what reads them out of one batch. */
export interface Decoding {
  readonly type: Type;
  readonly reader: (data: Data) => Read;
}

const plain = (name: string): Type => ({ kind: 'plain', name });
const utf8 = new TextDecoder();
const unmapped = (field: string, what: string, remedy: string): StudioError => new StudioError('unsupported', `Column “${field}”: ${what}.`, { place: 'path', remedy });

/** Values that come one by one in a typed array. */
const each = (name: string, of: (value: number | bigint) => DuckDBValue): Decoding => ({ type: plain(name), reader: ({ values }) => (index) => of((values as ArrayLike<number | bigint>)[index] ?? 0) });
const number = (name: string): Decoding => each(name, (value) => value);

const half = (bits: number): number => {
  const [sign, power, rest] = [bits & 0x80_00 ? -1 : 1, (bits >> 10) & 31, bits & 0x3_ff];
  if (power === 31) return rest === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return power === 0 ? sign * rest * 2 ** -24 : sign * (1 + rest / 1024) * 2 ** (power - 15);
};

/** A two's complement of 32-bit words, the lowest first. */
function wide(words: Uint32Array, at: number, count: number): bigint {
  let value = 0n;
  for (let n = count - 1; n >= 0; n -= 1) value = (value << 32n) | BigInt(words[at + n] ?? 0);
  return BigInt.asIntN(count * 32, value);
}

const bytesAt = ({ values, valueOffsets }: Data, index: number): Uint8Array => (values as Uint8Array).subarray(Number(valueOffsets[index]), Number(valueOffsets[index + 1]));

function decimal(type: DataType): Decoding {
  const { precision, scale, bitWidth } = type as unknown as { readonly precision: number; readonly scale: number; readonly bitWidth: number };
  const words = bitWidth / 32;
  const read = (data: Data, index: number): bigint => wide(data.values as Uint32Array, index * words, words);
  if (precision <= 38 && scale >= 0 && scale <= precision) return { type: { kind: 'decimal', width: precision, scale }, reader: (data) => (index) => new DuckDBDecimalValue(read(data, index), precision, scale) };
  // More digits than the engine has: as text no digit is lost.
  const written = (value: bigint): string => {
    if (scale <= 0) return `${value * 10n ** BigInt(-scale)}`;
    const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
    return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  };
  return { type: plain('VARCHAR'), reader: (data) => (index) => written(read(data, index)) };
}

/** So many nanoseconds in one unit. */
const NANOS: Readonly<Record<TimeUnit, bigint>> = { [TimeUnit.SECOND]: 1_000_000_000n, [TimeUnit.MILLISECOND]: 1_000_000n, [TimeUnit.MICROSECOND]: 1000n, [TimeUnit.NANOSECOND]: 1n };

/** Microseconds, exactly. */
function micros(value: number | bigint, unit: TimeUnit, field: string): bigint {
  const nanos = BigInt(value) * NANOS[unit];
  if (nanos % 1000n !== 0n) throw new StudioError('node_failed', `Column “${field}” holds a time with nanoseconds, and the engine keeps microseconds of this type.`, { place: field, remedy: 'Round it where the file is written.', detail: `${nanos} ns` });
  return nanos / 1000n;
}

function timestamp(type: DataType, field: string): Decoding {
  const { unit, timezone } = type as unknown as { readonly unit: TimeUnit; readonly timezone?: string | null };
  if (timezone !== undefined && timezone !== null && timezone !== '') return each('TIMESTAMP WITH TIME ZONE', (value) => new DuckDBTimestampTZValue(micros(value, unit, field)));
  switch (unit) {
    case TimeUnit.SECOND: return each('TIMESTAMP_S', (value) => new DuckDBTimestampSecondsValue(BigInt(value)));
    case TimeUnit.MILLISECOND: return each('TIMESTAMP_MS', (value) => new DuckDBTimestampMillisecondsValue(BigInt(value)));
    case TimeUnit.MICROSECOND: return each('TIMESTAMP', (value) => new DuckDBTimestampValue(BigInt(value)));
    case TimeUnit.NANOSECOND: break;
  }
  return each('TIMESTAMP_NS', (value) => new DuckDBTimestampNanosecondsValue(BigInt(value)));
}

const integers = (data: Data): Int32Array => data.values as Int32Array;
const span = (read: (data: Data, index: number) => DuckDBIntervalValue): Decoding => ({ type: plain('INTERVAL'), reader: (data) => (index) => read(data, index) });

function interval(unit: IntervalUnit, field: string): Decoding {
  if (unit === IntervalUnit.YEAR_MONTH) return span((data, index) => new DuckDBIntervalValue(integers(data)[index] ?? 0, 0, 0n));
  if (unit === IntervalUnit.DAY_TIME) return span((data, index) => new DuckDBIntervalValue(0, integers(data)[index * 2] ?? 0, BigInt(integers(data)[index * 2 + 1] ?? 0) * 1000n));
  return span((data, index) => {
    const at = index * 4;
    const nanos = (BigInt(integers(data)[at + 3] ?? 0) << 32n) | BigInt((integers(data)[at + 2] ?? 0) >>> 0);
    return new DuckDBIntervalValue(integers(data)[at] ?? 0, integers(data)[at + 1] ?? 0, micros(nanos, TimeUnit.NANOSECOND, field));
  });
}

/** The values between two places of a nested column, NULLs included. */
const between = (read: (index: number) => DuckDBValue, from: number, to: number): DuckDBValue[] => Array.from({ length: to - from }, (_none, n) => read(from + n));

/** Reads a value or NULL. */
export function nullable(decoding: Decoding, data: Data): (index: number) => DuckDBValue {
  const read = decoding.reader(data);
  return data.nullCount === 0 ? read : (index) => (data.getValid(index) ? read(index) : null);
}

function nested(field: Field): Decoding | null {
  const { type, name } = field;
  const children = (type.children ?? []) as readonly Field[];
  const [first] = children;
  if ((DataType.isList(type) || DataType.isLargeList(type)) && first !== undefined) {
    const item = decodingOf(first, name);
    return { type: { kind: 'list', item: item.type }, reader: (data) => {
      const read = nullable(item, data.children[0] as Data);
      return (index) => new DuckDBListValue(between(read, Number(data.valueOffsets[index]), Number(data.valueOffsets[index + 1])));
    } };
  }
  if (DataType.isFixedSizeList(type) && first !== undefined) {
    const item = decodingOf(first, name);
    const { listSize } = type;
    return { type: { kind: 'array', item: item.type, size: listSize }, reader: (data) => {
      const read = nullable(item, data.children[0] as Data);
      return (index) => new DuckDBArrayValue(between(read, (data.offset + index) * listSize, (data.offset + index + 1) * listSize));
    } };
  }
  if (DataType.isStruct(type)) {
    const fields = children.map((child) => ({ name: child.name, ...decodingOf(child, `${name}.${child.name}`) }));
    return { type: { kind: 'struct', fields: fields.map((one) => ({ name: one.name, type: one.type })) }, reader: (data) => {
      const reads = fields.map((one, at) => [one.name, nullable(one, data.children[at] as Data)] as const);
      return (index) => new DuckDBStructValue(Object.fromEntries(reads.map(([key, read]) => [key, read(index)])));
    } };
  }
  if (DataType.isMap(type) && first !== undefined) {
    const [keyField, valueField] = (first.type.children ?? []) as readonly Field[];
    if (keyField === undefined || valueField === undefined) return null;
    const [key, value] = [decodingOf(keyField, name), decodingOf(valueField, name)];
    return { type: { kind: 'map', key: key.type, value: value.type }, reader: (data) => {
      const entries = data.children[0] as Data;
      const [readKey, readValue] = [nullable(key, entries.children[0] as Data), nullable(value, entries.children[1] as Data)];
      return (index) => new DuckDBMapValue(Array.from({ length: Number(data.valueOffsets[index + 1]) - Number(data.valueOffsets[index]) }, (_none, n) => ({ key: readKey(Number(data.valueOffsets[index]) + n), value: readValue(Number(data.valueOffsets[index]) + n) })));
    } };
  }
  return null;
}

function dictionary(field: Field): Decoding | null {
  const { type } = field;
  if (!DataType.isDictionary(type)) return null;
  const value = decodingOf({ name: field.name, type: type.dictionary } as Field, field.name);
  return { type: value.type, reader: (data) => {
    // The dictionary's own chunks one after the other; each word is read once.
    const words = (data.dictionary as Vector | undefined)?.data.flatMap((chunk) => between(nullable(value, chunk), 0, chunk.length)) ?? [];
    return (index) => words[Number((data.values as ArrayLike<number | bigint>)[index])] ?? null;
  } };
}

const INTEGERS: Readonly<Record<string, string>> = { '8true': 'TINYINT', '16true': 'SMALLINT', '32true': 'INTEGER', '64true': 'BIGINT', '8false': 'UTINYINT', '16false': 'USMALLINT', '32false': 'UINTEGER', '64false': 'UBIGINT' };

function simple(type: DataType, name: string): Decoding | null {
  if (DataType.isNull(type)) return { type: plain('VARCHAR'), reader: () => () => null };
  if (DataType.isInt(type)) return number(INTEGERS[`${type.bitWidth}${type.isSigned}`] ?? 'BIGINT');
  if (DataType.isFloat(type)) return type.precision === Precision.HALF ? each('FLOAT', (bits) => half(Number(bits))) : number(type.precision === Precision.SINGLE ? 'FLOAT' : 'DOUBLE');
  if (DataType.isBool(type)) return { type: plain('BOOLEAN'), reader: ({ values, offset }) => (index) => ((((values as Uint8Array)[(offset + index) >> 3] ?? 0) >> ((offset + index) & 7)) & 1) === 1 };
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return { type: plain('VARCHAR'), reader: (data) => (index) => utf8.decode(bytesAt(data, index)) };
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return { type: plain('BLOB'), reader: (data) => (index) => new DuckDBBlobValue(bytesAt(data, index).slice()) };
  if (DataType.isFixedSizeBinary(type)) return { type: plain('BLOB'), reader: ({ values }) => (index) => new DuckDBBlobValue((values as Uint8Array).slice(index * type.byteWidth, (index + 1) * type.byteWidth)) };
  if (DataType.isUtf8View(type)) return { type: plain('VARCHAR'), reader: (data) => ((vector) => (index: number) => String(vector.get(index)))(new Vector([data])) };
  if (DataType.isBinaryView(type)) return { type: plain('BLOB'), reader: (data) => ((vector) => (index: number) => new DuckDBBlobValue((vector.get(index) as Uint8Array).slice()))(new Vector([data])) };
  if (DataType.isDecimal(type)) return decimal(type);
  if (DataType.isDate(type)) return each('DATE', (value) => new DuckDBDateValue(type.unit === DateUnit.DAY ? Number(value) : Math.floor(Number(value) / 86_400_000)));
  if (DataType.isTime(type)) return each('TIME', (value) => new DuckDBTimeValue(micros(value, type.unit, name)));
  if (DataType.isTimestamp(type)) return timestamp(type, name);
  if (DataType.isInterval(type)) return interval(type.unit, name);
  if (DataType.isDuration(type)) return each('INTERVAL', (value) => new DuckDBIntervalValue(0, 0, micros(value, type.unit, name)));
  return null;
}

/** How a field is read. Throws unsupported naming the column whose type the engine has nothing for. */
export function decodingOf(field: Field, name = field.name): Decoding {
  const found = dictionary(field) ?? nested(field) ?? simple(field.type, name);
  if (found === null) throw unmapped(name, `the type ${String(field.type)} can’t be read`, 'Write it as another type, or leave the column out under “Columns”.');
  return found;
}

/** A field's type, as the engine writes it. */
export const decodedType = (decoding: Decoding): string => typeText(decoding.type);
