import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { jsonText } from '../../connectors/sql/json-text.ts';
import { column } from '../sql.ts';

/** A row as it goes over the line. */
export interface Outgoing {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, Buffer])[];
  /** Null: the key decides. */
  readonly partition: number | null;
  /** In ms since 1970; null: when it is sent. */
  readonly timestamp: bigint | null;
}

/** Which columns messages are made of; empty is none. */
export interface Making {
  readonly key: string;
  readonly value: string;
  readonly headers: readonly string[];
  readonly partition: string;
  readonly timestamp: string;
}

/** A value as bytes: texts and blobs as they stand, lists and structs as JSON, all else as its text. */
function bytesOf(value: unknown): Buffer | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value !== 'object') return Buffer.from(String(value as number | bigint | boolean));
  if ('bytes' in value && value.bytes instanceof Uint8Array) return Buffer.from(value.bytes);
  return Buffer.from('items' in value || 'entries' in value ? jsonText(value) : (value as { toString(): string }).toString());
}

function partitionOf(value: unknown, partitions: number, row: number): number | null {
  if (value === null || value === undefined) return null;
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new StudioError('node_failed', `Row ${row} names no partition: it is no number.`, { place: 'partition', remedy: 'Choose a column of integers.' });
  if (!Number.isInteger(number) || number < 0 || number >= partitions) throw new StudioError('node_failed', `Row ${row} names the partition ${number}, and the topic has ${partitions}: 0 to ${partitions - 1}.`, { place: 'partition', remedy: 'Correct the column, or leave the choice to the key.' });
  return number;
}

/** Units a millisecond of DuckDB's timestamps, by the field that holds them. */
const UNITS = { micros: 1000n, nanos: 1_000_000n } as const;

function timeOf(value: unknown, row: number): bigint | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') {
    if ('micros' in value && typeof value.micros === 'bigint') return value.micros / UNITS.micros;
    if ('nanos' in value && typeof value.nanos === 'bigint') return value.nanos / UNITS.nanos;
    if ('millis' in value && typeof value.millis === 'bigint') return value.millis;
    if ('milliseconds' in value && typeof value.milliseconds === 'bigint') return value.milliseconds;
    if ('seconds' in value && typeof value.seconds === 'bigint') return value.seconds * 1000n;
  }
  throw new StudioError('node_failed', `Row ${row} has no timestamp in the column of timestamps.`, { place: 'timestamp', remedy: 'Cast the column to TIMESTAMP before.' });
}

/** What makes messages of rows with these columns. Throws where a column that is named is not there. */
export function messageMaker(columns: readonly Column[], making: Making, partitions: number): (row: readonly unknown[], number: number) => Outgoing {
  const place = (name: string, field: string): number => (name === '' ? -1 : columns.indexOf(column(columns, name, field)));
  const [key, value, partition, timestamp] = [place(making.key, 'key'), place(making.value, 'value'), place(making.partition, 'partition'), place(making.timestamp, 'timestamp')];
  const headers = making.headers.map((name) => [name, place(name, 'headers')] as const);
  // What goes elsewhere in the message does not stand in its JSON as well, but the key: readers want it there.
  const elsewhere = new Set([partition, timestamp, ...headers.map(([, index]) => index)]);
  const named = columns.map(({ name, type }, index) => ({ index, head: `${JSON.stringify(name)}:`, isJson: type === 'JSON' })).filter(({ index }) => !elsewhere.has(index));
  const asJson = (row: readonly unknown[]): string => `{${named.map(({ index, head, isJson }) => `${head}${isJson && typeof row[index] === 'string' ? row[index] : jsonText(row[index])}`).join(',')}}`;
  return (row, number) => ({
    key: key < 0 ? null : bytesOf(row[key]),
    value: value < 0 ? Buffer.from(asJson(row)) : bytesOf(row[value]),
    headers: headers.flatMap(([name, index]) => {
      const bytes = bytesOf(row[index]);
      return bytes === null ? [] : [[name, bytes] as const];
    }),
    partition: partition < 0 ? null : partitionOf(row[partition], partitions, number),
    timestamp: timestamp < 0 ? null : timeOf(row[timestamp], number),
  });
}
