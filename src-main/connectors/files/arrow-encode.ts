import { Binary, Bool, DateDay, Decimal, Field, FixedSizeList, Float32, Float64, Int16, Int32, Int64, Int8, List, makeData, Map_, Struct, TimeMicrosecond, TimestampMicrosecond, TimestampMillisecond, TimestampNanosecond, TimestampSecond, Uint16, Uint32, Uint64, Uint8, Utf8 } from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import { StudioError } from '#shared/errors';
import type { Type } from './types.ts';

type Values = readonly unknown[];
/** Arrow's type for one of the engine's, and what puts values of it into Arrow's memory. */
export interface Encoding {
  readonly type: DataType;
  readonly data: (values: Values) => Data;
}

const isNull = (value: unknown): boolean => value === null || value === undefined;

/** One bit a value: set where it is not NULL. */
function validity(values: Values): { readonly nullCount: number; readonly nullBitmap?: Uint8Array } {
  let nullCount = 0;
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  for (let at = 0; at < values.length; at += 1) {
    if (isNull(values[at])) nullCount += 1;
    else nullBitmap[at >> 3] = (nullBitmap[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap };
}

type Numbers = { readonly length: number; [index: number]: number } | { readonly length: number; [index: number]: bigint };
type MakeNumbers = new (length: number) => Numbers & ArrayBufferView;

function numbers(type: DataType, Of: MakeNumbers, value: (value: unknown) => number | bigint): Encoding {
  return {
    type,
    data: (values) => {
      const data = new Of(values.length);
      for (let at = 0; at < values.length; at += 1) if (!isNull(values[at])) (data as Record<number, number | bigint>)[at] = value(values[at]);
      return makeData({ type, length: values.length, ...validity(values), data } as unknown as Parameters<typeof makeData>[0]);
    },
  };
}

function bytes(type: DataType, of: (value: unknown) => Uint8Array): Encoding {
  return {
    type,
    data: (values) => {
      const parts = values.map((value) => (isNull(value) ? new Uint8Array(0) : of(value)));
      const valueOffsets = new Int32Array(values.length + 1);
      for (const [at, part] of parts.entries()) valueOffsets[at + 1] = (valueOffsets[at] ?? 0) + part.length;
      const data = new Uint8Array(valueOffsets[values.length] ?? 0);
      for (const [at, part] of parts.entries()) data.set(part, valueOffsets[at]);
      return makeData({ type, length: values.length, ...validity(values), valueOffsets, data } as unknown as Parameters<typeof makeData>[0]);
    },
  };
}

const encoder = new TextEncoder();
const asIs = (value: unknown): number | bigint => value as number | bigint;
/** DuckDB's own values know their text. */
const text = bytes(new Utf8(), (value) => encoder.encode((value as { toString(): string }).toString()));
const field = <K extends string>(name: K) => (value: unknown): number | bigint => (value as Readonly<Record<K, number | bigint>>)[name];

const bools: Encoding = {
  type: new Bool(),
  data: (values) => {
    const data = new Uint8Array((values.length + 7) >> 3);
    for (let at = 0; at < values.length; at += 1) if (values[at] === true) data[at >> 3] = (data[at >> 3] ?? 0) | (1 << (at & 7));
    return makeData({ type: new Bool(), length: values.length, ...validity(values), data });
  },
};

/** A decimal of 128 bits: four words, the lowest first. */
function decimals(width: number, scale: number, of: (value: unknown) => bigint, name: string): Encoding {
  const type = new Decimal(scale, width, 128);
  const most = 10n ** BigInt(width);
  return {
    type,
    data: (values) => {
      const data = new Uint32Array(values.length * 4);
      for (const [at, value] of values.entries()) {
        if (isNull(value)) continue;
        const whole = of(value);
        if (whole >= most || whole <= -most) throw new StudioError('node_failed', `Column “${name}”: the value ${whole} has more than ${width} digits, which is the most that an Arrow decimal holds.`, { place: name, remedy: 'Make it a text before: CAST(… AS VARCHAR).' });
        const bits = BigInt.asUintN(128, whole);
        for (let word = 0; word < 4; word += 1) data[at * 4 + word] = Number((bits >> BigInt(32 * word)) & 0xff_ff_ff_ffn);
      }
      return makeData({ type, length: values.length, ...validity(values), data });
    },
  };
}

const items = (value: unknown): Values => (value as { readonly items: Values }).items;

function lists(item: Encoding): Encoding {
  const type = new List(new Field('item', item.type, true));
  return {
    type,
    data: (values) => {
      const valueOffsets = new Int32Array(values.length + 1);
      for (const [at, value] of values.entries()) valueOffsets[at + 1] = (valueOffsets[at] ?? 0) + (isNull(value) ? 0 : items(value).length);
      return makeData({ type, length: values.length, ...validity(values), valueOffsets, child: item.data(values.flatMap((value) => (isNull(value) ? [] : items(value)))) });
    },
  };
}

function arrays(item: Encoding, size: number): Encoding {
  const type = new FixedSizeList(size, new Field('item', item.type, true));
  const none = Array.from({ length: size }, () => null);
  return { type, data: (values) => makeData({ type, length: values.length, ...validity(values), child: item.data(values.flatMap((value) => (isNull(value) ? none : items(value)))) }) };
}

const entry = (value: unknown, name: string): unknown => (isNull(value) ? null : (value as { readonly entries: Readonly<Record<string, unknown>> }).entries[name]);

function structs(fields: readonly { readonly name: string; readonly of: Encoding }[]): Encoding {
  const type = new Struct(fields.map(({ name, of }) => new Field(name, of.type, true)));
  return { type, data: (values) => makeData({ type, length: values.length, ...validity(values), children: fields.map(({ name, of }) => of.data(values.map((value) => entry(value, name)))) }) };
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

const entries = (one: unknown): readonly Entry[] => (isNull(one) ? [] : (one as { readonly entries: readonly Entry[] }).entries);

function maps(key: Encoding, value: Encoding): Encoding {
  const pair = new Struct([new Field('key', key.type, false), new Field('value', value.type, true)]);
  const type = new Map_(new Field('entries', pair, false));
  return {
    type,
    data: (values) => {
      const valueOffsets = new Int32Array(values.length + 1);
      for (const [at, one] of values.entries()) valueOffsets[at + 1] = (valueOffsets[at] ?? 0) + entries(one).length;
      const all = values.flatMap(entries);
      const child = makeData({ type: pair, length: all.length, nullCount: 0, children: [key.data(all.map((one) => one.key)), value.data(all.map((one) => one.value))] });
      return makeData<typeof type>({ type, length: values.length, ...validity(values), valueOffsets, child });
    },
  };
}

const PLAIN: Readonly<Record<string, (name: string) => Encoding>> = {
  BOOLEAN: () => bools,
  TINYINT: () => numbers(new Int8(), Int8Array, asIs), SMALLINT: () => numbers(new Int16(), Int16Array, asIs), INTEGER: () => numbers(new Int32(), Int32Array, asIs), BIGINT: () => numbers(new Int64(), BigInt64Array, asIs),
  UTINYINT: () => numbers(new Uint8(), Uint8Array, asIs), USMALLINT: () => numbers(new Uint16(), Uint16Array, asIs), UINTEGER: () => numbers(new Uint32(), Uint32Array, asIs), UBIGINT: () => numbers(new Uint64(), BigUint64Array, asIs),
  FLOAT: () => numbers(new Float32(), Float32Array, asIs), DOUBLE: () => numbers(new Float64(), Float64Array, asIs),
  HUGEINT: (name) => decimals(38, 0, (value) => value as bigint, name), UHUGEINT: (name) => decimals(38, 0, (value) => value as bigint, name),
  BLOB: () => bytes(new Binary(), (value) => (value as { readonly bytes: Uint8Array }).bytes),
  DATE: () => numbers(new DateDay(), Int32Array, field('days')),
  TIME: () => numbers(new TimeMicrosecond(), BigInt64Array, field('micros')),
  TIMESTAMP: () => numbers(new TimestampMicrosecond(), BigInt64Array, field('micros')),
  TIMESTAMP_S: () => numbers(new TimestampSecond(), BigInt64Array, field('seconds')),
  TIMESTAMP_MS: () => numbers(new TimestampMillisecond(), BigInt64Array, field('millis')),
  TIMESTAMP_NS: () => numbers(new TimestampNanosecond(), BigInt64Array, field('nanos')),
  'TIMESTAMP WITH TIME ZONE': () => numbers(new TimestampMicrosecond('UTC'), BigInt64Array, field('micros')),
};

/** Arrow's type for a column's. What Arrow has none for (intervals, times with a zone, UUIDs, JSON …) becomes DuckDB's text. */
export function encodingOf(type: Type, name: string): Encoding {
  switch (type.kind) {
    case 'plain': return PLAIN[type.name]?.(name) ?? text;
    case 'decimal': return decimals(type.width, type.scale, (value) => (value as { readonly value: bigint }).value, name);
    case 'list': return lists(encodingOf(type.item, name));
    case 'array': return arrays(encodingOf(type.item, name), type.size);
    case 'struct': return structs(type.fields.map((one) => ({ name: one.name, of: encodingOf(one.type, `${name}.${one.name}`) })));
    case 'map': return maps(encodingOf(type.key, name), encodingOf(type.value, name));
    case 'union': case 'enum': break;
  }
  return text;
}
