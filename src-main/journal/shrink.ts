import type { Database } from './database.ts';
import type { Payloads } from './payloads.ts';

const number = (db: Database, pragma: string): number => Number(db.pragma(pragma, { simple: true }));

/**
 * Moves at most `pages` free pages to the end of the file and cuts them off; true while there are more. With none left, payload files
 * that no event names go, and the write-ahead log is emptied into the file: only then is it smaller on the disk. Somebody who is reading
 * just now keeps the log as it is; nobody is waited for.
 */
export function shrink(db: Database, payloads: Payloads, pages: number): boolean {
  if (number(db, 'freelist_count') > 0) {
    db.pragma(`incremental_vacuum(${pages})`);
    if (number(db, 'freelist_count') > 0) return true;
  }
  const named = db.prepare<[string, string], number>(`SELECT 1 FROM events WHERE substr(data, 1, 12) = '{"$payload":' AND data >= ? AND data < ? LIMIT 1`).pluck();
  payloads.sweep((beginning) => named.get(beginning, `${beginning}~`) !== undefined);
  const patience = number(db, 'busy_timeout');
  db.pragma('busy_timeout = 0');
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.pragma(`busy_timeout = ${patience}`);
  }
  return false;
}
