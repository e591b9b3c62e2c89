import type { Database } from './database.ts';
import type { LogLine } from './journal.ts';

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
      const lines = read.all(run);
      const more = dropped.get(run);
      return more === undefined ? lines : [...lines, droppedLine(more)];
    },
  };
}
