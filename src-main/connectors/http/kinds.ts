import { DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampTZValue, DuckDBTimestampValue } from '@duckdb/node-api';
import { StudioError } from '#shared/errors';
import { parseDay, parseMoment } from '../sql/moments.ts';
import { isDouble, isExact } from './json.ts';
import type { JsonValue } from './json.ts';

/** What has been seen of a column so far: flags, and how long its numbers are. */
export interface Seen {
  flags: number;
  scale: number;
  whole: number;
}
const BOOLEAN = 1, INTEGER = 2, LONG = 4, HUGE = 8, FLOATING = 16, DECIMAL = 32, EXPONENT = 64, TEXT = 128, NESTED = 256, BYTES = 512;
const NUMBERS = INTEGER | LONG | HUGE | FLOATING | DECIMAL | EXPONENT;

const fitsIn = (whole: string, bits: bigint): boolean => BigInt(whole) >= -(2n ** (bits - 1n)) && BigInt(whole) < 2n ** (bits - 1n);

function seeNumber(seen: Seen, written: string): void {
  if (/[eE]/.test(written)) {
    seen.flags |= isDouble(written) ? EXPONENT | FLOATING : TEXT;
    return;
  }
  const [whole = '', fraction = ''] = written.replace('-', '').split('.');
  seen.whole = Math.max(seen.whole, whole.length);
  seen.scale = Math.max(seen.scale, fraction.length);
  if (fraction !== '') seen.flags |= isDouble(written) ? FLOATING : DECIMAL;
  else if (Number.isSafeInteger(Number(written))) seen.flags |= INTEGER;
  else seen.flags |= fitsIn(written, 64n) ? LONG : fitsIn(written, 128n) ? HUGE : TEXT;
}

/** Takes note of a value. NULL says nothing. */
export function see(seen: Seen, value: JsonValue): void {
  if (value === null) return;
  if (typeof value === 'string') seen.flags |= TEXT;
  else if (typeof value === 'boolean') seen.flags |= BOOLEAN;
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) {
      seen.flags |= INTEGER;
      seen.whole = Math.max(seen.whole, String(Math.abs(value)).length);
    } else seeNumber(seen, String(value));
  } else if (isExact(value)) seeNumber(seen, value.rawJSON);
  else seen.flags |= (value as unknown) instanceof DuckDBBlobValue ? BYTES : NESTED;
}

/** The same for a text that may stand for something else, as in CSV. `007` stays text. */
export function seeText(seen: Seen, value: string): void {
  if (/^(true|false)$/i.test(value)) seen.flags |= BOOLEAN;
  else if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(value)) seeNumber(seen, value);
  else seen.flags |= TEXT;
}

/** The narrowest type that holds all that was seen, without losing a digit. What is nested anywhere is JSON; kinds that don't go together are text. */
export function typeOf({ flags, scale, whole }: Seen): string {
  if (flags === BYTES) return 'BLOB';
  if ((flags & NESTED) !== 0) return 'JSON';
  if (flags === 0 || (flags & TEXT) !== 0) return 'VARCHAR';
  if (flags === BOOLEAN) return 'BOOLEAN';
  if ((flags & ~NUMBERS) !== 0) return 'VARCHAR';
  if ((flags & ~(INTEGER | LONG)) === 0) return 'BIGINT';
  if ((flags & ~(INTEGER | LONG | HUGE)) === 0) return 'HUGEINT';
  if ((flags & ~(INTEGER | FLOATING | EXPONENT)) === 0) return 'DOUBLE';
  return (flags & EXPONENT) === 0 && scale + whole <= 38 ? `DECIMAL(38,${scale})` : 'VARCHAR';
}

const written = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

function decimal(text: string, width: number, scale: number): DuckDBDecimalValue | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const [, sign = '', whole = '', fraction = ''] = parts ?? [];
  if (parts === null || fraction.length > scale || whole.replace(/^0+/, '').length > width - scale) return undefined;
  return new DuckDBDecimalValue(BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`), width, scale);
}

const WHOLE = /^-?\d+$/;
const within = (text: string, bits: bigint): bigint | undefined => (WHOLE.test(text) && fitsIn(text, bits) ? BigInt(text) : undefined);

/** Types that a person may give a column, and what a value becomes in each; undefined where it does not fit. */
const fits: { readonly [type: string]: (value: JsonValue) => unknown } = {
  VARCHAR: written,
  BLOB: (value) => ((value as unknown) instanceof DuckDBBlobValue ? value : undefined),
  JSON: (value) => JSON.stringify(value),
  BOOLEAN: (value) => ({ true: true, false: false })[written(value).toLowerCase()],
  INTEGER: (value) => { const whole = within(written(value), 32n); return whole === undefined ? undefined : Number(whole); },
  BIGINT: (value) => within(written(value), 64n),
  HUGEINT: (value) => within(written(value), 128n),
  DATE: (value) => { const days = parseDay(written(value)); return days === null ? undefined : new DuckDBDateValue(days); },
  TIMESTAMP: (value) => { const micros = parseMoment(written(value)); return micros === null ? undefined : new DuckDBTimestampValue(micros); },
  TIMESTAMPTZ: (value) => { const micros = parseMoment(written(value)); return micros === null ? undefined : new DuckDBTimestampTZValue(micros); },
  DOUBLE: (value) => (written(value).trim() === '' || Number.isNaN(Number(written(value))) ? undefined : Number(written(value))),
};

const DECIMAL_TYPE = /^DECIMAL\((\d+),\s*(\d+)\)$/;

/** Is it one of the types that a column can be given? */
export const isKnownType = (type: string): boolean => Object.hasOwn(fits, type) || DECIMAL_TYPE.test(type);
export const KNOWN_TYPES = `${Object.keys(fits).filter((type) => type !== 'BLOB').join(', ')} and DECIMAL(18,2)`;

/** A value as DuckDB's client wants it for the type. Throws node_failed naming the row (from 1) and the column. */
export function fitted(value: JsonValue | undefined, type: string, column: string, row: number): unknown {
  if (value === null || value === undefined) return null;
  const [, width, scale] = DECIMAL_TYPE.exec(type) ?? [];
  const result = width === undefined ? fits[type]?.(value) : decimal(written(value), Number(width), Number(scale));
  if (result === undefined) {
    throw new StudioError('node_failed', `Row ${row.toLocaleString('en')}, column “${column}”: the value ${written(value).slice(0, 80)} is not a ${type}.`, { place: 'columns', remedy: 'Give the column another type, or leave its type to be found out.' });
  }
  return result;
}
