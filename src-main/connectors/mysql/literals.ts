import type { Plain, PlainValue } from '../sql/plain.ts';

/** A column of a table as information_schema tells it. */
export interface TargetColumn {
  readonly name: string;
  /** `decimal`, `datetime` … */
  readonly type: string;
  /** Digits of a second that it keeps. */
  readonly precision: number;
  readonly generated: boolean;
  readonly required: boolean;
}

/** Why a value can't go into its column. */
export interface Problem {
  readonly why: string;
}
/** A value that is not NULL as the statement writes it. */
export type Write = (value: unknown) => string | Problem;

const problem = (why: string): Problem => ({ why });
// The session's modes are ours: a backslash escapes, a double quote is an ordinary letter between single ones.
const SPECIAL = /['\\\r\n]/g;
const ESCAPES: { readonly [letter: string]: string } = { "'": "''", '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
export const quoteText = (text: string): string => `'${text.replace(SPECIAL, (letter) => ESCAPES[letter] ?? letter)}'`;
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const WHOLE = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year', 'bit']);
const TEXTS = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set', 'json']);
const hex = (bytes: Uint8Array): string => (bytes.length === 0 ? "''" : `x'${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}'`);

/** The server rounds what a whole number can't say, without a word. */
function whole(text: string): string | Problem {
  const found = /^([+-]?\d+)(?:\.0*)?$/.exec(text.trim());
  return found === null ? problem('is no whole number') : (found[1] ?? '');
}

/** The server rounds digits of a second that its column does not keep, without a word. */
function timed(text: string, precision: number): string | Problem {
  const fraction = /\.(\d+)$/.exec(text)?.[1]?.replace(/0+$/, '') ?? '';
  return fraction.length > precision ? problem(`has ${fraction.length} digits of a second, and the column keeps ${precision}`) : `'${text}'`;
}

function number(value: number, type: string): string | Problem {
  if (!Number.isFinite(value)) return problem('is no number that the server has');
  if (WHOLE.has(type)) return Number.isInteger(value) ? BigInt(value).toString() : problem('is no whole number');
  if (TEXTS.has(type)) return `'${value}'`;
  // A DECIMAL takes the digits; everything else the same DOUBLE.
  if (type === 'decimal') return String(value);
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('e') ? text : `${text}e0`;
}

function moment(plain: Plain, text: string, { type, precision }: TargetColumn): string | Problem {
  if (type === 'datetime' || type === 'timestamp') return timed(text, precision);
  if (type === 'date') return text.endsWith(' 00:00:00') ? `'${text.slice(0, 10)}'` : problem('has a time of day, and the column is for days');
  if (TEXTS.has(type)) return `'${text}${plain.kind === 'instant' ? '+00:00' : ''}'`;
  return problem(`does not fit the column’s type ${type}`);
}

function written(plain: Plain, value: PlainValue, column: TargetColumn): string | Problem {
  if (typeof value === 'boolean') return TEXTS.has(column.type) ? `'${value}'` : value ? '1' : '0';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return number(value, column.type);
  if (typeof value !== 'string') return hex(value);
  if (plain.kind === 'timestamp' || plain.kind === 'instant') return moment(plain, value, column);
  if (plain.kind === 'time') return column.type === 'time' ? timed(value, column.precision) : TEXTS.has(column.type) ? `'${value}'` : problem(`does not fit the column’s type ${column.type}`);
  if (plain.kind === 'decimal') return WHOLE.has(column.type) ? whole(value) : TEXTS.has(column.type) ? `'${value}'` : value;
  if (WHOLE.has(column.type)) return whole(value);
  return quoteText(value);
}

/** How the values of the rows' column are written for the table's. Never called with NULL. */
export function writeOf(plain: Plain, column: TargetColumn): Write {
  return (given) => {
    const value = plain.of(given);
    return value === null ? problem('lies outside of the years 1 to 9999') : written(plain, value, column);
  };
}

const WHOLES: { readonly [type: string]: string } = {
  TINYINT: 'TINYINT', SMALLINT: 'SMALLINT', INTEGER: 'INT', BIGINT: 'BIGINT', UTINYINT: 'TINYINT UNSIGNED', USMALLINT: 'SMALLINT UNSIGNED', UINTEGER: 'INT UNSIGNED', UBIGINT: 'BIGINT UNSIGNED',
};

/** What a new column's type depends on besides its values. */
interface Place {
  readonly type: string;
  readonly isMariaDb: boolean;
  /** Of a key: of how many, so that the index has room for it; 0 of other columns. */
  readonly keys: number;
}

/** A text that an index has room for; any two are told apart, as DuckDB does, by their case and the spaces at their end too. */
const short = ({ isMariaDb, keys }: Place): string => `VARCHAR(${Math.min(255, Math.floor(768 / keys))}) CHARACTER SET utf8mb4 COLLATE ${isMariaDb ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'}`;
const letters = (place: Place, long: string): string => (place.keys > 0 ? short(place) : long);

const DECLARATIONS: { readonly [K in Plain['kind']]: (plain: Plain, place: Place) => string } = {
  boolean: () => 'TINYINT(1)',
  integer: (_plain, { type }) => WHOLES[type] ?? 'DECIMAL(39,0)',
  decimal: ({ width, scale }, place) => (scale <= 30 ? `DECIMAL(${width},${scale})` : letters(place, 'LONGTEXT')),
  float: (_plain, { type }) => (type === 'FLOAT' ? 'FLOAT' : 'DOUBLE'),
  json: (_plain, place) => letters(place, 'JSON'),
  blob: (_plain, { keys }) => (keys > 0 ? `VARBINARY(${Math.min(1024, Math.floor(3072 / keys))})` : 'LONGBLOB'),
  date: () => 'DATE',
  time: () => 'TIME(6)',
  timestamp: () => 'DATETIME(6)',
  // Else the first one of a table would change by itself whenever its row does.
  instant: (_plain, { keys }) => (keys > 0 ? 'TIMESTAMP(6)' : 'TIMESTAMP(6) NULL DEFAULT NULL'),
  text: (_plain, place) => (place.type === 'UUID' ? (place.isMariaDb ? 'UUID' : 'CHAR(36) CHARACTER SET ascii') : letters(place, 'LONGTEXT')),
};

/** The type of a new column that gives back what is put in. */
export const declarationOf = (plain: Plain, place: Place): string => DECLARATIONS[plain.kind](plain, place);
