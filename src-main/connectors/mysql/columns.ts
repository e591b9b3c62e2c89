import { DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampTZValue, DuckDBTimestampValue, DuckDBTimeValue, DuckDBUUIDValue } from '@duckdb/node-api';
import mysql from 'mysql2';
import { parseDay, parseMoment, parseTime } from '../sql/moments.ts';

/** A result's column as the server describes it. */
export interface Field {
  readonly name: string;
  readonly columnType: number;
  readonly flags: number;
  readonly columnLength: number;
  readonly decimals: number;
  readonly characterSet: number;
  /** MariaDB's own types, which look like texts otherwise. */
  readonly extendedTypeName?: string;
  readonly extendedFormat?: string;
}

/** What a column's values become. `decode` gives undefined for what the type can't hold; `why` and `remedy` say it then. */
export interface Reading {
  readonly type: string;
  readonly decode: (value: unknown) => unknown;
  readonly why?: string;
  readonly remedy?: (name: string) => string;
  /** Why such a column can't be read at all. */
  readonly refused?: { readonly what: string; readonly remedy: string };
  /** A line for the run's console. */
  readonly notice?: string;
}

const { Types } = mysql;
const UNSIGNED = 32;
const BINARY = 63;
const same = (value: unknown): unknown => value;
const orNone = <T>(value: T | null, make: (value: T) => unknown): unknown => (value === null ? undefined : make(value));
const text: Reading = { type: 'VARCHAR', decode: same };

const zero = { why: 'is no day of the calendar', remedy: (name: string) => `Ask for CAST(\`${name}\` AS CHAR), or for NULLIF(CAST(\`${name}\` AS CHAR), '0000-00-00'), which gives NULL.` };
const DATE: Reading = { type: 'DATE', decode: (value) => orNone(parseDay(value as string), (days) => new DuckDBDateValue(days)), ...zero };
const DATETIME: Reading = { type: 'TIMESTAMP', decode: (value) => orNone(parseMoment(value as string), (micros) => new DuckDBTimestampValue(micros)), ...zero };
const TIMESTAMP: Reading = { type: 'TIMESTAMP WITH TIME ZONE', decode: (value) => orNone(parseMoment(value as string), (micros) => new DuckDBTimestampTZValue(micros)), ...zero };
const TIME: Reading = {
  type: 'TIME', decode: (value) => orNone(parseTime(value as string), (micros) => new DuckDBTimeValue(micros)),
  why: 'is no time of a day', remedy: (name) => `MySQL’s TIME goes from -838 to 838 hours. Ask for TIME_TO_SEC(\`${name}\`) or CAST(\`${name}\` AS CHAR).`,
};
const TRUTH: Reading = { type: 'BOOLEAN', decode: (value) => (value === 1 ? true : value === 0 ? false : undefined), why: 'is neither 0 nor 1, as a TINYINT(1) is to be', remedy: (name) => `Ask for CAST(\`${name}\` AS SIGNED).` };
const BITS: Reading = { type: 'UBIGINT', decode: (value) => [...(value as Buffer)].reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) };
const BIT: Reading = { type: 'BOOLEAN', decode: (value) => (value as Buffer)[0] === 1 };
const BLOB: Reading = { type: 'BLOB', decode: (value) => new DuckDBBlobValue(value as Buffer) };
const UUID: Reading = { type: 'UUID', decode: (value) => DuckDBUUIDValue.fromUint128(BigInt(`0x${(value as string).replaceAll('-', '')}`)) };
const big = (value: unknown): unknown => BigInt(value as number | string);
const number = (signed: string, decode: Reading['decode'] = same) => (field: Field): Reading => ({ type: (field.flags & UNSIGNED) === 0 ? signed : `U${signed}`, decode });

function decimal(field: Field): Reading {
  const { decimals, columnLength, flags } = field;
  const width = columnLength - (decimals > 0 ? 1 : 0) - ((flags & UNSIGNED) === 0 ? 1 : 0);
  if (width > 38 || width < 1 || decimals > 38) return { ...text, notice: `${field.name}: DECIMAL(${width},${decimals}) has more digits than the 38 that can be reckoned with here; it is read as text` };
  return {
    type: `DECIMAL(${width},${decimals})`,
    decode(value) {
      const [whole = '', fraction = ''] = (value as string).split('.');
      return new DuckDBDecimalValue(BigInt(`${whole}${fraction.padEnd(decimals, '0')}`), width, decimals);
    },
  };
}

const letters = (field: Field): Reading => (field.extendedFormat === 'json' ? { type: 'JSON', decode: same } : field.extendedTypeName === 'uuid' ? UUID : field.characterSet === BINARY && !(field.extendedTypeName ?? '').startsWith('inet') ? BLOB : text);
const refusal = (what: string, remedy: string): Reading => ({ ...text, refused: { what, remedy } });

const READINGS: { readonly [type: number]: (field: Field) => Reading } = {
  [Types.TINY]: (field) => (field.columnLength === 1 ? TRUTH : number('TINYINT')(field)),
  [Types.SHORT]: number('SMALLINT'),
  [Types.INT24]: number('INTEGER'),
  [Types.LONG]: number('INTEGER'),
  [Types.LONGLONG]: number('BIGINT', big),
  [Types.FLOAT]: () => ({ type: 'FLOAT', decode: same }),
  [Types.DOUBLE]: () => ({ type: 'DOUBLE', decode: same }),
  [Types.DECIMAL]: decimal,
  [Types.NEWDECIMAL]: decimal,
  [Types.YEAR]: () => ({ type: 'SMALLINT', decode: same }),
  [Types.DATE]: () => DATE,
  [Types.NEWDATE]: () => DATE,
  [Types.DATETIME]: () => DATETIME,
  [Types.TIMESTAMP]: () => TIMESTAMP,
  [Types.TIME]: () => TIME,
  [Types.BIT]: ({ columnLength }) => (columnLength === 1 ? BIT : BITS),
  [Types.JSON]: () => ({ type: 'JSON', decode: same }),
  [Types.NULL]: () => text,
  [Types.GEOMETRY]: ({ name }) => refusal('a geometry', `Ask for ST_AsText(\`${name}\`) or ST_AsBinary(\`${name}\`).`),
  [Types.VECTOR]: ({ name }) => refusal('a vector', `Ask for VECTOR_TO_STRING(\`${name}\`).`),
};

/** How the values of a column are read. */
export function readingOf(field: Field): Reading {
  if (field.extendedTypeName === 'vector') return refusal('a vector', `Ask for VEC_ToText(\`${field.name}\`).`);
  return (READINGS[field.columnType] ?? letters)(field);
}
