import { GENESIS, hex, linkOf, linkText } from './chain.ts';
import type { StoredRow } from './chain.ts';
import type { Database } from './database.ts';
import { fromSqlite } from './sqlite-errors.ts';
import { lostVersions } from './verify-file.ts';
import { stepping } from './stepping.ts';

type Row = StoredRow & { readonly hash: Buffer | null };
interface Pruned {
  readonly first: number;
  readonly last: number;
  readonly hash: Buffer | null;
}

export interface ChainReport {
  /** Events that are in links which hold. */
  readonly chained: number;
  /** Of the last link, in hex; null where there is none. */
  readonly head: string | null;
  readonly problems: readonly string[];
}

const positions = (from: number, to: number): string => (from === to ? `position ${from}` : `positions ${from} to ${to}`);

/**
 * Follows the chain over the whole journal, in order of position. A row that was changed, taken out or put in breaks its link; a gap
 * must have been declared by retention; what cannot be read is named, and the chain is taken up again behind it.
 */
export function verifyChain(db: Database, path: string, last: number): ChainReport {
  const begins = db.prepare<[], number>('SELECT begins FROM chain').pluck().get() ?? 0;
  const pruned = new Map(db.prepare<[], Pruned>('SELECT first, last, hash FROM pruned').all().map((range) => [range.first, range]));
  const rowsFrom = db.prepare<[number, number], Row>(
    'SELECT position, stream, version, type, schema, at, id, correlation, causation, data, hash FROM events WHERE position >= ? ORDER BY position LIMIT ?',
  );
  const problems: string[] = [];
  let chained = 0;
  let head: string | null = null;
  /** Null behind a damage: the next link can't be checked, the one after it can. */
  let previous: string | null = GENESIS;
  let link: Row[] = [];
  let next = 1;

  const dropLink = (): void => {
    const [first] = link;
    if (first !== undefined) problems.push(`The chain: ${positions(first.position, link.at(-1)?.position ?? 0)} (${first.stream}) are of no link`);
    link = [];
  };

  /** Over positions that hold nothing. */
  const leap = (to: number): void => {
    dropLink();
    const range = pruned.get(next);
    pruned.delete(next);
    if (range?.last === to - 1) {
      previous = range.hash === null ? GENESIS : hex(range.hash);
      return;
    }
    problems.push(`The chain: ${positions(next, to - 1)} are missing, and retention did not remove them`);
    previous = null;
  };

  /** Over positions that can't be read, and what retention had removed among them. */
  const pass = (from: number, to: number): void => {
    let end = to;
    let known = from === next;
    for (const range of [...pruned.values()].filter(({ first, last: until }) => first <= to && until >= next)) {
      known ||= range.first === next && range.last >= from - 1;
      end = Math.max(end, range.last);
      pruned.delete(range.first);
    }
    if (!known) leap(from);
    link = [];
    previous = null;
    next = end + 1;
  };

  const close = (row: Row, stored: string): void => {
    const first = link[0] ?? row;
    if (previous !== null && linkOf(previous, link.map(linkText).join('')) !== stored) {
      problems.push(`The chain is broken at position ${row.position} (${row.stream}): ${positions(first.position, row.position)} are not what was written, or something before them was changed`);
    } else if (previous !== null) chained += link.length;
    previous = stored;
    head = stored;
    link = [];
  };

  const take = (row: Row): void => {
    if (row.position > next) leap(row.position);
    next = row.position + 1;
    if (row.position <= begins) return;
    link.push(row);
    if (row.hash !== null) close(row, hex(row.hash));
  };

  const read = (from: number, limit: number): Row[] => {
    try {
      return rowsFrom.all(from, limit);
    } catch (thrown) {
      throw fromSqlite(thrown, path);
    }
  };

  for (const step of stepping(last, read)) {
    if ('rows' in step) step.rows.forEach(take);
    else {
      problems.push(`The events: ${positions(step.from, step.to)} cannot be read (${lostVersions(db, step.from, step.to)}): ${step.reason}`);
      pass(step.from, step.to);
    }
  }
  dropLink();
  for (const { first, last: end } of pruned.values()) problems.push(`The chain: ${positions(first, end)} are said to have been removed, and are there`);
  return { chained, head, problems };
}
