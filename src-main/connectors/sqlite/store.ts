import type { Plain, PlainValue } from '../sql/plain.ts';
import { decodeOf, typeOfDeclared } from './types.ts';
import type { Stored } from './types.ts';

/** What SQLite is given for a value, or why it can't be. */
export type Store = (value: unknown) => Stored | Problem;

/** Why a value can't be stored. */
export interface Problem {
  readonly why: string;
}

const MOST = (1n << 63n) - 1n;
const LEAST = -(1n << 63n);
/** Digits that a REAL gives back as they were. */
const EXACT_DIGITS = 15;
const fits = (value: bigint): boolean => value >= LEAST && value <= MOST;
const digitsOf = (text: string): number => text.replace(/[eE].*$/, '').replace(/\D/g, '').replace(/^0+/, '').length;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** SQLite's own rule: how it would change what is stored in a column of that declaration. */
export function affinityOf(declared: string): 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC' {
  const name = declared.toUpperCase();
  if (name.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(name)) return 'TEXT';
  if (name === '' || name.includes('BLOB')) return 'BLOB';
  return /REAL|FLOA|DOUB/.test(name) ? 'REAL' : 'NUMERIC';
}

const DECLARATIONS: { readonly [K in Plain['kind']]: (plain: Plain, type: string) => string } = {
  boolean: () => 'BOOLEAN',
  integer: ({ width }) => (width <= 19 ? 'BIGINT' : width <= 38 ? `DECIMAL_TEXT(${width},0)` : 'TEXT'),
  decimal: ({ width, scale }) => `${width <= EXACT_DIGITS ? 'DECIMAL' : 'DECIMAL_TEXT'}(${width},${scale})`,
  float: (_plain, type) => (type === 'FLOAT' ? 'FLOAT4' : 'DOUBLE'),
  text: (_plain, type) => (type === 'UUID' ? 'UUID' : 'TEXT'),
  json: () => 'JSON_TEXT',
  blob: () => 'BLOB',
  date: () => 'DATE',
  time: () => 'TIME',
  timestamp: (_plain, type) => (type.endsWith('_NS') ? 'TEXT' : 'TIMESTAMP'),
  instant: () => 'TIMESTAMPTZ',
};

/** The declaration of a new column that gives back what is put in. Long decimals are texts, because SQLite would make a REAL of them. */
export function declarationOf(type: string, plain: Plain): string {
  return DECLARATIONS[plain.kind](plain, type);
}

/** A plain value as SQLite stores such a kind by itself. */
function base(plain: Plain, value: PlainValue): Stored {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint') return fits(value) ? value : String(value);
  return plain.kind === 'instant' ? `${value as string}+00:00` : value;
}

const problem = (why: string): Problem => ({ why });

/** What a number or text becomes in a column whose affinity makes numbers of texts. */
function asNumber(stored: Stored, affinity: 'INTEGER' | 'REAL' | 'NUMERIC'): Stored | Problem {
  if (typeof stored !== 'string') return affinity === 'REAL' && typeof stored === 'bigint' && BigInt(Number(stored)) !== stored ? problem('has more digits than a REAL can hold') : stored;
  if (!NUMBER.test(stored)) return stored;
  if (/^-?(0|[1-9]\d*)$/.test(stored) && stored !== '-0' && fits(BigInt(stored))) return affinity === 'REAL' ? asNumber(BigInt(stored), affinity) : BigInt(stored);
  return digitsOf(stored) <= EXACT_DIGITS ? Number(stored) : problem(`has more than the ${EXACT_DIGITS} digits that a column of the affinity ${affinity} keeps`);
}

const TRUTHS: { readonly [text: string]: bigint } = { true: 1n, false: 0n, 1: 1n, 0: 0n };

function forType(type: string, affinity: ReturnType<typeof affinityOf>, plain: Plain, value: PlainValue): Stored | Problem {
  const stored = base(plain, value);
  if (type === 'VARCHAR' || type === 'JSON') return stored instanceof Uint8Array ? problem('is a blob, and the column is for texts') : typeof value === 'boolean' ? String(value) : String(stored);
  if (type === 'BOOLEAN') return typeof stored === 'bigint' || typeof stored === 'string' ? (TRUTHS[String(stored)] ?? problem('is neither true nor false')) : problem('is neither true nor false');
  if (type === 'BLOB') return stored instanceof Uint8Array ? stored : problem('is no blob, and the column is for blobs');
  if (type === 'BIGINT' && typeof stored === 'number' && Number.isSafeInteger(stored)) return BigInt(stored);
  if (affinity === 'TEXT' || affinity === 'BLOB') return stored instanceof Uint8Array ? problem('is a blob') : String(stored);
  return asNumber(stored, affinity);
}

/** Kinds whose values need no look at the column: what they are is what it holds. */
const SAME: { readonly [type: string]: Plain['kind'] } = { BOOLEAN: 'boolean', BIGINT: 'integer', DOUBLE: 'float', VARCHAR: 'text', BLOB: 'blob', DATE: 'date', TIME: 'time', TIMESTAMP: 'timestamp', 'TIMESTAMP WITH TIME ZONE': 'instant' };

/** How the values of the rows' column go into the table's. Never called with NULL. */
export function storeOf(plain: Plain, declared: string): Store {
  const type = typeOfDeclared(declared);
  const affinity = affinityOf(declared);
  const same = type !== null && ((SAME[type] === plain.kind && !(plain.kind === 'integer' && plain.width > 19)) || (affinity === 'TEXT' && type === `DECIMAL(${plain.width},${plain.scale})`));
  const decode = type === null ? null : decodeOf(type);
  return (given) => {
    const value = plain.of(given);
    if (value === null) return problem('lies outside of the years 1 to 9999');
    if (plain.kind === 'float' && Number.isNaN(value)) return problem('is not a number (NaN), for which SQLite would store NULL');
    if (same) return base(plain, value);
    if (type === null || decode === null) {
      const stored = base(plain, value);
      return affinity === 'TEXT' || affinity === 'BLOB' ? stored : asNumber(stored, affinity);
    }
    const stored = forType(type, affinity, plain, value);
    if (typeof stored === 'object' && 'why' in stored) return stored;
    return decode(stored) === undefined ? problem(`is no ${type}`) : stored;
  };
}
