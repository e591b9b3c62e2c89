import type { Write } from '../nodes/define.ts';
import type { Session } from './session.ts';

type ConsoleWrite = Extract<Write, { kind: 'console' }>;

/** A cell wider than this many characters is cut in a table. */
const WIDEST = 60;

const short = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text).replaceAll(/[\r\n\t]/g, ' ');

function table(names: readonly string[], rows: readonly (readonly (string | null)[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((value) => short(value ?? 'NULL')));
  const heads = names.map(short);
  const widths = heads.map((head, index) => Math.max(head.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd();
  return [line(heads), widths.map((width) => '─'.repeat(width)).join('  '), ...cells.map(line)];
}

/** The SELECT of what is printed of `rows`, all of it text; the column "__row" is not printed. */
export const printing = (rows: string, format: ConsoleWrite['format']): string =>
  format === 'json' ? `SELECT CAST(to_json(line) AS VARCHAR) FROM (SELECT * EXCLUDE ("__row") FROM ${rows}) AS line` : `SELECT CAST(COLUMNS(* EXCLUDE ("__row")) AS VARCHAR) FROM ${rows}`;

/** What came of `printing` as lines: a table of aligned columns, or one JSON object a row. */
export const linesOf = (names: readonly string[], rows: readonly (readonly (string | null)[])[], format: ConsoleWrite['format']): readonly string[] =>
  format === 'json' ? rows.map((row) => String(row[0])) : table(names, rows);

/** What a console sink prints: the first `limit` rows of its SELECT. */
export async function consoleLines(session: Session, write: ConsoleWrite): Promise<readonly string[]> {
  const first = `(SELECT *, 1 AS "__row" FROM (${write.select}) LIMIT ${Math.max(0, Math.trunc(write.limit))})`;
  const result = await session.connection.runAndReadAll(printing(first, write.format));
  return linesOf(result.deduplicatedColumnNames(), result.getRows() as (string | null)[][], write.format);
}
