import { DuckDBBlobValue, DuckDBDecimalValue, DuckDBUUIDValue } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { FieldDef } from 'pg';
import { arrayOf } from './decode-arrays.ts';
import { bigintBytes, booleanBytes, dateBytes, decimalBytes, integerBytes, timestampBytes, timestampTzBytes } from './decode-bytes.ts';
import type { DecodeBytes } from './decode-bytes.ts';
import { date, interval, time, timestamp, timestampTz, timeTz } from './decode-times.ts';
import { Misfit } from './misfit.ts';

/** How a column of PostgreSQL becomes one of DuckDB. */
export interface Decoder {
  readonly type: string;
  readonly decode: (text: string) => DuckDBValue;
  /** A shorter way for the usual values. */
  readonly bytes?: DecodeBytes;
  /** Something a person should know of it. */
  readonly note?: string;
}

/** What the catalogue knows of a type that is not one of the well-known ones, and of a column of a table. */
export interface Catalogue {
  /** The type of an array's elements, by the array's oid; nothing where it is no array. */
  readonly elements: ReadonlyMap<number, number>;
  /** Dimensions that a table's column was declared with, by `table.column`. */
  readonly dimensions: ReadonlyMap<string, number>;
}

const same = (text: string): string => text;
/** Most numbers are short: those are quicker by way of a double that holds them exactly. */
const whole = (text: string): bigint => (text.length < 16 ? BigInt(Number(text)) : BigInt(text));
const bytes = (text: string): DuckDBBlobValue => new DuckDBBlobValue(Buffer.from(text.slice(2), 'hex'));
const uuid = (text: string): DuckDBUUIDValue => DuckDBUUIDValue.fromUint128(BigInt(`0x${text.slice(0, 8)}${text.slice(9, 13)}${text.slice(14, 18)}${text.slice(19, 23)}${text.slice(24)}`));
const special = (text: string): Misfit => new Misfit(`the value is ${text}, which a decimal number can’t be.`, 'Leave such rows out, or read the column as text: column::text.');

/** A numeric of fixed scale: the server writes all its decimals. */
const decimal = (width: number, scale: number) => (text: string): DuckDBDecimalValue => {
  const last = text.charCodeAt(text.length - 1);
  if (last < 48 || last > 57) throw special(text);
  return new DuckDBDecimalValue(whole(scale === 0 ? text : text.slice(0, -scale - 1) + text.slice(-scale)), width, scale);
};
const huge = (text: string): bigint => {
  const value = /\d$/.test(text) ? BigInt(text) : null;
  if (value === null) throw special(text);
  if (value >= 1n << 127n || value < -(1n << 127n)) throw new Misfit(`${text} is beyond what a HUGEINT holds.`, 'Read the column as text: column::text.');
  return value;
};

/**
 * DECIMAL holds 38 digits. A whole number of 39 is a HUGEINT; any other numeric, and one without a precision (as sum() and avg() give),
 * is text, because no type here holds all that it may be.
 */
function numeric(modifier: number, name: string): Decoder {
  const text: Decoder = { type: 'VARCHAR', decode: same, note: `column “${name}” is numeric without a precision that fits: it comes as text, so that no digit is lost. For a number cast it in the query: numeric(38,10)` };
  if (modifier < 4) return text;
  const precision = ((modifier - 4) >> 16) & 0xff_ff;
  const scale = (((modifier - 4) & 0x7_ff) ^ 1024) - 1024;
  if (precision === 39 && scale === 0) return { type: 'HUGEINT', decode: huge };
  const width = Math.max(precision, scale) - Math.min(scale, 0);
  if (width > 38) return text;
  // A scale below zero is rounded to tens; the server writes the zeros.
  const decimals = Math.max(scale, 0);
  return { type: `DECIMAL(${width},${decimals})`, decode: decimal(width, decimals), bytes: decimalBytes(width, decimals) };
}

/** By oid: the types that have one of their own in DuckDB. */
const KNOWN: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [16, { type: 'BOOLEAN', decode: (text) => text === 't', bytes: booleanBytes }],
  [17, { type: 'BLOB', decode: bytes }],
  [20, { type: 'BIGINT', decode: whole, bytes: bigintBytes }],
  [21, { type: 'SMALLINT', decode: Number, bytes: integerBytes }],
  [23, { type: 'INTEGER', decode: Number, bytes: integerBytes }],
  [26, { type: 'UINTEGER', decode: Number, bytes: integerBytes }],
  [700, { type: 'FLOAT', decode: Number }],
  [701, { type: 'DOUBLE', decode: Number }],
  [114, { type: 'JSON', decode: same }],
  [3802, { type: 'JSON', decode: same }],
  [1082, { type: 'DATE', decode: date, bytes: dateBytes }],
  [1083, { type: 'TIME', decode: time }],
  [1266, { type: 'TIME WITH TIME ZONE', decode: timeTz }],
  [1114, { type: 'TIMESTAMP', decode: timestamp, bytes: timestampBytes }],
  [1184, { type: 'TIMESTAMP WITH TIME ZONE', decode: timestampTz, bytes: timestampTzBytes }],
  [1186, { type: 'INTERVAL', decode: interval }],
  [2950, { type: 'UUID', decode: uuid }],
]);
/** Their arrays, and those of texts and numerics. */
export const ARRAYS: ReadonlyMap<number, number> = new Map([[1000, 16], [1001, 17], [1016, 20], [1005, 21], [1007, 23], [1028, 26], [1021, 700], [1022, 701], [199, 114], [3807, 3802], [1182, 1082], [1183, 1083], [1270, 1266], [1115, 1114], [1185, 1184], [1187, 1186], [2951, 2950], [1231, 1700], [1009, 25], [1015, 1043], [1014, 1042]]);
/** Types that are text here and no arrays: text, varchar, char, name, "char", unknown. */
const TEXTS: ReadonlySet<number> = new Set([25, 1043, 1042, 19, 18, 705]);
const NUMERIC = 1700;

/** Does the catalogue have to be asked about a type? */
export const isUnknown = (oid: number): boolean => oid !== NUMERIC && !KNOWN.has(oid) && !ARRAYS.has(oid) && !TEXTS.has(oid);

const scalar = (oid: number, modifier: number, name: string): Decoder => (oid === NUMERIC ? numeric(modifier, name) : (KNOWN.get(oid) ?? { type: 'VARCHAR', decode: same }));

/** What has no type of its own in DuckDB (enums, addresses, ranges, composites …) is PostgreSQL's text for it. */
export function decoderOf({ name, dataTypeID, dataTypeModifier, tableID, columnID }: FieldDef, { elements, dimensions }: Catalogue): Decoder {
  const element = ARRAYS.get(dataTypeID) ?? elements.get(dataTypeID);
  if (element === undefined) return scalar(dataTypeID, dataTypeModifier, name);
  const { type, decode, note } = scalar(element, dataTypeModifier, name);
  const depth = Math.max(1, dimensions.get(`${tableID}.${columnID}`) ?? 1);
  return { type: type + '[]'.repeat(depth), decode: arrayOf(decode, depth), ...(note === undefined ? {} : { note }) };
}
