import type { DuckDBTimestampValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { elementOf, isRecord } from './column-types.ts';
import { jsonText } from './encode-json.ts';
import { arrayText, escaped, hexText, textOf } from './encode.ts';
import type { Encode } from './encode.ts';
import { Misfit } from './misfit.ts';

/** A column that rows are written to. */
export interface Target {
  readonly name: string;
  /** Its type as PostgreSQL writes it: `numeric(10,2)`, `text[]`. */
  readonly type: string;
  /** The type below all domains, its modifier, and the elements' type where it is an array. */
  readonly oid: number;
  readonly modifier: number;
  readonly element: number;
  readonly notNull: boolean;
  /** Computed by the server: nothing can be written to it. */
  readonly generated: boolean;
}

const OID = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, json: 114, date: 1082, timestamp: 1114, numeric: 1700, jsonb: 3802 } as const;
const INTEGERS: ReadonlySet<number> = new Set([OID.int2, OID.int4, OID.int8]);
const isWhole = (type: string): boolean => /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type);
const isTimestamp = (type: string): boolean => type.startsWith('TIMESTAMP');

const refused = (place: string, { name, type }: Column, target: Target, remedy: string): StudioError =>
  new StudioError('node_failed', `The column “${name}” (${type}) can’t be written to “${target.name}” (${target.type}).`, { place, remedy });

/** Decimals that a column would round away are refused; zeros at the end are none. */
function withinScale(encode: Encode, scale: number, target: Target): Encode {
  const round = `Round it before this node: round(column, ${scale}).`;
  return (value) => {
    const text = encode(value);
    const point = text.indexOf('.');
    if (text.includes('e-')) throw new Misfit(`${text} has more decimals than ${target.type} keeps.`, round);
    if (point < 0) return text;
    let end = text.length;
    while (end > point + 1 + scale && text.charCodeAt(end - 1) === 48) end -= 1;
    if (end > point + 1 + scale && /^[+-]?\d*\.\d+$/.test(text)) throw new Misfit(`${text} has more decimals than ${target.type} keeps.`, round);
    return end === point + 1 ? text.slice(0, point) : text.slice(0, end);
  };
}

/** A TIMESTAMP for a column that keeps whole days, or fewer decimals of a second. */
const withinUnit = (encode: Encode, unit: bigint, what: string, remedy: string): Encode => (value) => {
  const { micros } = value as DuckDBTimestampValue;
  if (typeof micros === 'bigint' && micros % unit !== 0n && micros !== 9_223_372_036_854_775_807n && micros !== -9_223_372_036_854_775_807n) throw new Misfit(`${encode(value)} ${what}`, remedy);
  return encode(value);
};

/**
 * How the values of one column become the text of another, so that nothing is lost without a word: decimals, times of day and zones that
 * the column would drop are refused. A floating column takes the nearest number, and a time without zone counts as UTC. Everything else
 * is for the server to read or refuse.
 */
function scalar(place: string, source: Column, target: Target, oid: number): Encode {
  const { type } = source;
  const text = textOf(type);
  if (oid === OID.bytea) {
    if (type === 'BLOB' || type === 'VARCHAR') return hexText;
    throw refused(place, source, target, 'Cast it to BLOB or VARCHAR before this node.');
  }
  if (type === 'BLOB') throw refused(place, source, target, 'Decode it before this node, for example with decode(column) or hex(column).');
  if (oid === OID.json || oid === OID.jsonb) return type === 'JSON' || type === 'VARCHAR' ? text : jsonText;
  if (oid === OID.numeric && target.modifier >= 4 && !isWhole(type)) return withinScale(text, Math.max(0, (((target.modifier - 4) & 0x7_ff) ^ 1024) - 1024), target);
  if (INTEGERS.has(oid) && (type.startsWith('DECIMAL(') || type === 'DOUBLE' || type === 'FLOAT')) return withinScale(text, 0, target);
  if (type === 'TIMESTAMP WITH TIME ZONE' && (oid === OID.timestamp || oid === OID.date)) throw refused(place, source, target, `Say in which zone it is meant before this node: timezone('UTC', column).`);
  if (isTimestamp(type) && oid === OID.date) return withinUnit(text, 86_400_000_000n, 'has a time of day, and the column keeps days.', 'Cast the column to DATE before this node.');
  if ((type === 'TIMESTAMP' || type === 'TIMESTAMP WITH TIME ZONE') && target.modifier >= 0 && target.modifier < 6) return withinUnit(text, 10n ** BigInt(6 - target.modifier), `has more decimals than ${target.type} keeps.`, 'Round it before this node: date_trunc(…).');
  return text;
}

/** Encodes the values of a column of rows for a column of a table. Throws node_failed where no value of the one has a place in the other. */
export function fit(place: string, source: Column, target: Target): Encode {
  if (target.generated) throw new StudioError('node_failed', `The server computes the column “${target.name}” itself.`, { place, remedy: `Remove “${source.name}” before this node.` });
  const { element, depth } = elementOf(source.type);
  let encode: Encode;
  if (target.element !== 0 && depth > 0 && !isRecord(element)) encode = arrayText(scalar(place, { name: source.name, type: element }, target, target.element), depth);
  else if (target.element !== 0 && source.type !== 'VARCHAR') throw refused(place, source, target, 'Make a list of it before this node.');
  else encode = scalar(place, source, target, target.oid);
  return (value) => escaped(encode(value));
}
