import { hash } from 'node:crypto';

/** An event's row as it is stored: `data` is text, or the name of the file that holds it. */
export interface StoredRow {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schema: number;
  readonly at: number;
  readonly id: string;
  readonly correlation: string | null;
  readonly causation: string | null;
  readonly data: string;
}

/** What the first link follows. */
export const GENESIS = '0'.repeat(64);

/**
 * A row as the chain sees it, with nothing left to interpretation: its columns as JSON, ended by the length of its data, and the data.
 * Part of the file's format: a change of it breaks every chain there is.
 */
export function linkText({ position, stream, version, type, schema, at, id, correlation, causation, data }: StoredRow): string {
  return `${JSON.stringify([position, stream, version, type, schema, at, id, correlation, causation, data.length])}\n${data}\n`;
}

/** One link: SHA-256, in hex, of the previous link's hash and the texts of an append's rows. */
export const linkOf = (previous: string, texts: string): string => hash('sha256', `${previous}\n${texts}`);

/** A stored hash, as hex. */
export const hex = (stored: Uint8Array): string => Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('hex');
