import { DuckDBBlobValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { jsonOfRow, textOfValue } from '../json-of.ts';
import type { Command } from './client.ts';
import { keysOf } from './keys.ts';

/** How rows become commands. */
export interface WritePlan {
  readonly write: 'string' | 'hash' | 'list' | 'stream';
  readonly key: string;
  /** Empty: the whole row as JSON. */
  readonly value: string;
  readonly columns: readonly string[];
  readonly replace: boolean;
  readonly side: 'left' | 'right';
  readonly maxLength: number;
  readonly onExisting: 'replace' | 'keep';
  /** Seconds; 0 is for ever. */
  readonly ttl: number;
}

/** What a row comes to, and about how many bytes that are. */
export interface RowWrite {
  readonly key: string;
  readonly commands: readonly Command[];
  readonly bytes: number;
}

const wrong = (place: string, message: string, remedy: string): StudioError => new StudioError('node_failed', message, { place, remedy });
const bytesOf = (value: unknown): string | Buffer => (value instanceof DuckDBBlobValue ? Buffer.from(value.bytes) : textOfValue(value));
const sizeOf = (command: Command): number => command.reduce((sum, part) => sum + part.length, 0);

/** Makes the commands of rows of these columns; `number` counts rows from 1. Throws node_failed where a row has no key or no value. */
export function writesOf(plan: WritePlan, columns: readonly Column[]): (row: readonly unknown[], number: number) => RowWrite {
  const keyOf = keysOf(plan.key, columns);
  const indexOf = (name: string, field: string): number => {
    const at = columns.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());
    if (at < 0) throw wrong(field, `There is no column “${name}” in the input.`, `The columns are: ${columns.slice(0, 20).map((one) => one.name).join(', ')}.`);
    return at;
  };
  const value = plan.value === '' || plan.write === 'hash' || plan.write === 'stream' ? null : indexOf(plan.value, 'value');
  const fields = plan.columns.length === 0 ? columns.map((_column, at) => at) : plan.columns.map((name, at) => indexOf(name, `columns[${at}]`));
  const alive = (key: string): readonly Command[] => (plan.ttl > 0 ? [['PEXPIRE', key, String(Math.max(1, Math.round(plan.ttl * 1000)))]] : []);

  const one = (row: readonly unknown[], number: number): string | Buffer => {
    if (value === null) return jsonOfRow(columns, row);
    const cell = row[value] ?? null;
    if (cell === null) throw wrong('value', `Row ${number.toLocaleString('en')}: the column “${plan.value}” is NULL, and Redis has no NULL.`, 'Filter such rows out before this node, or write the whole row as JSON.');
    return bytesOf(cell);
  };
  const named = (row: readonly unknown[]): (string | Buffer)[] => fields.flatMap((at) => (row[at] === null || row[at] === undefined ? [] : [columns[at]?.name ?? '', bytesOf(row[at])]));

  const make: { readonly [K in WritePlan['write']]: (key: string, row: readonly unknown[], number: number) => readonly Command[] } = {
    string: (key, row, number) => [['SET', key, one(row, number), ...(plan.onExisting === 'keep' ? ['NX'] : []), ...(plan.ttl > 0 ? ['PX', String(Math.max(1, Math.round(plan.ttl * 1000)))] : [])]],
    hash(key, row) {
      const given = named(row);
      const gone = plan.replace ? [] : fields.flatMap((at) => (row[at] === null || row[at] === undefined ? [columns[at]?.name ?? ''] : []));
      return [...(plan.replace ? [['DEL', key] as Command] : []), ...(given.length > 0 ? [['HSET', key, ...given] as Command] : []), ...(gone.length > 0 ? [['HDEL', key, ...gone] as Command] : []), ...alive(key)];
    },
    list: (key, row, number) => [[plan.side === 'left' ? 'LPUSH' : 'RPUSH', key, one(row, number)], ...(plan.maxLength > 0 ? [['LTRIM', key, ...(plan.side === 'left' ? ['0', String(plan.maxLength - 1)] : [String(-plan.maxLength), '-1'])] as Command] : []), ...alive(key)],
    stream(key, row, number) {
      const given = named(row);
      if (given.length === 0) throw wrong('columns', `Row ${number.toLocaleString('en')} is NULL in all its columns: an entry of a stream needs a field.`, 'Filter such rows out before this node.');
      return [['XADD', key, ...(plan.maxLength > 0 ? ['MAXLEN', '~', String(plan.maxLength)] : []), '*', ...given], ...alive(key)];
    },
  };
  return (row, number) => {
    const key = keyOf(row);
    if (key === null || key === '') throw wrong('key', `Row ${number.toLocaleString('en')} has ${key === null ? 'a NULL where its key needs a value' : 'an empty key'}.`, 'Filter such rows out before this node.');
    const commands = make[plan.write](key, row, number);
    return { key, commands, bytes: commands.reduce((sum, command) => sum + sizeOf(command), 0) };
  };
}
