import type { Database } from './database.ts';
import { isDamage } from './sqlite-errors.ts';
import { stepping } from './stepping.ts';

/** What a damaged table or index means. Indices count as their own; what is not named here is as SQLite says it. */
const MADE_AGAIN = 'nothing is lost: `journal rebuild` makes it again';
const MEANINGS: { readonly [table: string]: string } = {
  events: 'see the positions below',
  runs: MADE_AGAIN,
  timeline: MADE_AGAIN,
  days: MADE_AGAIN,
  outputs: MADE_AGAIN,
  schedules: MADE_AGAIN,
  occurrences: MADE_AGAIN,
  missed: MADE_AGAIN,
  snapshots: MADE_AGAIN,
  logs: 'lines of the console are lost, see below',
  logs_dropped: 'how many lines of the console were not kept is lost',
  pruned: 'what retention removed is no longer known: those positions are reported as missing',
  chain: 'where the hash chain begins is lost',
};

interface Tree {
  readonly name: string;
  readonly type: string;
  readonly table: string;
}

/** SQLite's own words, up to `most` problems. It looks at the trees first, then at what is in them, and gives up where it can't read on. */
function integrity(db: Database, most: number): readonly string[] {
  const said: string[] = [];
  try {
    for (const text of db.prepare<[], string>(`PRAGMA integrity_check(${most})`).pluck().iterate()) said.push(text);
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    if (said.length === 0) said.push('It cannot be read to its end.');
  }
  return said;
}

/** Whether SQLite finds nothing wrong. */
export const isWhole = (db: Database): boolean => integrity(db, 1)[0] === 'ok';

/** SQLite's own check, its trees called by their names, each once. */
export function* fileProblems(db: Database): Generator<string, void, undefined> {
  const trees = new Map(db.prepare<[], Tree & { root: number }>('SELECT name, type, tbl_name AS "table", rootpage AS root FROM sqlite_schema WHERE rootpage > 0').all().map((tree) => [tree.root, tree]));
  const told = new Set<number>();
  for (const text of integrity(db, 50)) {
    for (const line of text.split('\n')) {
      const root = Number(/^Tree (\d+)/.exec(line)?.[1] ?? 0);
      const tree = trees.get(root);
      if (line === 'ok' || line.startsWith('***') || told.has(root)) continue;
      if (tree === undefined) yield `The file: ${line}`;
      else {
        told.add(root);
        yield `The file: the ${tree.type} ${tree.name} is damaged (${line}): ${tree.type === 'index' ? MADE_AGAIN : (MEANINGS[tree.table] ?? MADE_AGAIN)}`;
      }
    }
  }
}

/** Which lines of the console can't be read, as far as the index still knows whose they were. */
export function* lostLines(db: Database): Generator<string, void, undefined> {
  const read = db.prepare<[number, number], { position: number }>('SELECT rowid AS position, * FROM logs WHERE rowid >= ? ORDER BY rowid LIMIT ?');
  const whose = db.prepare<[number, number], { run: string; lines: number }>('SELECT run, count(*) AS lines FROM logs INDEXED BY sqlite_autoindex_logs_1 WHERE rowid BETWEEN ? AND ? GROUP BY run');
  const last = db.prepare<[], number | null>('SELECT max(k) FROM (SELECT rowid AS k FROM logs INDEXED BY sqlite_autoindex_logs_1)').pluck();
  for (const step of stepping(last.get() ?? 0, (from, limit) => read.all(from, limit))) {
    if ('rows' in step) continue;
    for (const { run, lines } of whose.all(step.from, step.to)) yield `run-${run}: ${lines} lines of its console cannot be read`;
  }
}

/** Whose events the positions held, by the index, where that can be read. */
export function lostVersions(db: Database, from: number, to: number): string {
  try {
    const rows = db
      .prepare<[number, number], { stream: string; first: number; last: number }>(
        'SELECT stream, min(version) AS first, max(version) AS last FROM events INDEXED BY sqlite_autoindex_events_2 WHERE position BETWEEN ? AND ? GROUP BY stream',
      )
      .all(from, to);
    return rows.map(({ stream, first, last }) => `${stream} ${first === last ? `version ${first}` : `versions ${first} to ${last}`}`).join(', ');
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    return 'of streams that the index no longer knows';
  }
}
