import type { Database } from './database.ts';
import type { LogLine } from './journal.ts';
import { isDamage } from './sqlite-errors.ts';
import { stepping } from './stepping.ts';

/** Lines kept of a run, and characters of a line. */
export const LOG_LINES = 10_000;
export const LOG_LINE_LENGTH = 16_384;

/** The line as it is kept. */
export const cut = (line: LogLine): LogLine => (line.text.length <= LOG_LINE_LENGTH ? line : { ...line, text: `${line.text.slice(0, LOG_LINE_LENGTH)}…` });

/** How many lines were not kept, and the time and version of the last of them. */
export interface Dropped {
  readonly lines: number;
  readonly at: number;
  readonly version: number;
}

/** The one line that says what is not there. */
export const droppedLine = ({ lines, at, version }: Dropped): LogLine => ({
  node: null,
  attempt: null,
  version,
  at,
  level: 'warn',
  text: `${lines} more lines were not kept: a run keeps its first ${LOG_LINES}. 另有 ${lines} 行未保留：每次运行只保留前 ${LOG_LINES} 行。`,
});

/** Lines of any run may have been on the damaged page. */
const lostLine = (last: LogLine | undefined): LogLine => ({
  node: null,
  attempt: null,
  version: last?.version ?? 0,
  at: last?.at ?? 0,
  level: 'warn',
  text: 'The journal is damaged: lines may be missing here. 日志文件已损坏：此处可能缺少若干行。',
});

const orNothing = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    return undefined;
  }
};

export interface Logs {
  add(run: string, lines: readonly LogLine[]): void;
  of(run: string): readonly LogLine[];
  forget(run: string): void;
}

/** What nodes printed. Rows of their own, not events: they are bounded, and nothing is decided by them. */
export function createLogs(db: Database): Logs {
  const kept = new Map<string, number>();
  const count = db.prepare<[string], number | null>('SELECT max(line) FROM logs WHERE run = ?').pluck();
  const insert = db.prepare('INSERT INTO logs (run, line, node, at, level, text, attempt, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const drop = db.prepare('INSERT INTO logs_dropped (run, lines, at, version) VALUES (?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET lines = lines + excluded.lines, at = excluded.at, version = excluded.version');
  const read = db.prepare<[string], LogLine>('SELECT node, at, level, text, attempt, version FROM logs WHERE run = ? ORDER BY line');
  const rowsFrom = db.prepare<[number, number], LogLine & { run: string; position: number }>('SELECT rowid AS position, run, node, at, level, text, attempt, version FROM logs WHERE rowid >= ? ORDER BY rowid LIMIT ?');
  const lastRow = db.prepare<[], number | null>('SELECT max(rowid) FROM logs').pluck();
  const lastByIndex = db.prepare<[], number | null>('SELECT max(k) FROM (SELECT rowid AS k FROM logs INDEXED BY sqlite_autoindex_logs_1)').pluck();
  const dropped = db.prepare<[string], Dropped>('SELECT lines, at, version FROM logs_dropped WHERE run = ?');

  const write = db.transaction((run: string, lines: readonly LogLine[]): number => {
    const before = kept.get(run) ?? count.get(run) ?? 0;
    const room = Math.max(0, LOG_LINES - before);
    lines.slice(0, room).forEach((line, index) => {
      const { node, at, level, text, attempt, version } = cut(line);
      insert.run(run, before + index + 1, node, at, level, text, attempt, version);
    });
    const over = lines.slice(room);
    const last = over.at(-1);
    if (last !== undefined) drop.run(run, over.length, last.at, last.version);
    return before + lines.length - over.length;
  });

  /** Where a page is damaged, what can be read, and a line that says so. */
  const linesOf = (run: string): readonly LogLine[] => {
    try {
      return read.all(run);
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
    }
    const found: LogLine[] = [];
    let lost = false;
    for (const step of stepping(orNothing(() => lastRow.get()) ?? orNothing(() => lastByIndex.get()) ?? 0, (from, limit) => rowsFrom.all(from, limit))) {
      if ('rows' in step) found.push(...step.rows.filter((row) => row.run === run).map(({ node, at, level, text, attempt, version }) => ({ node, at, level, text, attempt, version })));
      else lost = true;
    }
    return lost ? [...found, lostLine(found.at(-1))] : found;
  };

  return {
    add(run, lines) {
      if (lines.length === 0) return;
      try {
        const now = write.immediate(run, lines);
        if (!kept.has(run) && kept.size >= 1_000) kept.clear();
        kept.set(run, now);
      } catch (thrown) {
        kept.delete(run);
        throw thrown;
      }
    },
    forget: (run) => void kept.delete(run),
    of(run) {
      const lines = linesOf(run);
      const more = orNothing(() => dropped.get(run));
      return more === undefined ? lines : [...lines, droppedLine(more)];
    },
  };
}
