import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { BEFORE } from './jobs.ts';

/** Every file below a folder, by its path from there. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

/** Names that only files in the making have. */
export const isHalf = (path: string): boolean => /\.(part|new|tmp|partial)$|(^|\/)\.[^/]+$|\.\d+$/.test(path);

const sorted = (bytes: Buffer): string => bytes.toString('utf8').split('\n').toSorted().join('\n');

/** The same bytes, or the same lines where nobody said in which order they come. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [readFileSync(one), readFileSync(other)];
  return a.equals(b) || (/\.(csv|ndjson|txt)$/.test(one) && sorted(a) === sorted(b));
}

/**
 * Files under their final names that are not what the undisturbed run has there, at any moment: the instant of a kill, for one. Of random
 * numbers only how many there are can be told, of Parquet the mark at its end; what several runs add to is looked at elsewhere.
 */
export function halfOutputs(work: string, calm: string): readonly string[] {
  const known = new Set(filesBelow(calm));
  const whole = (path: string): boolean => {
    const [one, other] = [join(work, path), join(calm, path)];
    if (path.endsWith('.parquet')) return readFileSync(one).subarray(-4).toString('latin1') === 'PAR1';
    if (path.includes('-volatile-')) return readFileSync(one, 'utf8').split('\n').length === readFileSync(other, 'utf8').split('\n').length;
    return sameText(one, other) || (path.endsWith('-lines.txt') && readFileSync(one, 'utf8') === BEFORE);
  };
  return filesBelow(work).filter((path) => known.has(path) && path !== 'appended.csv' && !whole(path));
}

/** How many rows of two Parquet files have no twin in the other. */
export async function oddRows(pairs: readonly (readonly [string, string])[]): Promise<readonly number[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    const counts: number[] = [];
    for (const [one, other] of pairs) {
      const [a, b] = [`read_parquet('${one}')`, `read_parquet('${other}')`];
      const reader = await connection.runAndReadAll(`SELECT count(*)::INT FROM ((FROM ${a} EXCEPT ALL FROM ${b}) UNION ALL (FROM ${b} EXCEPT ALL FROM ${a}))`);
      counts.push(Number(reader.getRows()[0]?.[0]));
    }
    return counts;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
