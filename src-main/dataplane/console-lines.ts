import type { Column } from '#shared/data';
import type { Write } from '../nodes/define.ts';
import { quoteName } from './quoting.ts';
import type { Session } from './session.ts';

type ConsoleWrite = Extract<Write, { kind: 'console' }>;

/** A cell wider than this many characters is cut in a table. */
const WIDEST = 60;

const short = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text).replaceAll(/[\r\n\t]/g, ' ');

function table(columns: readonly Column[], rows: readonly (readonly (string | null)[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((value) => short(value ?? 'NULL')));
  const heads = columns.map((column) => short(column.name));
  const widths = heads.map((head, index) => Math.max(head.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd();
  return [line(heads), widths.map((width) => '─'.repeat(width)).join('  '), ...cells.map(line)];
}

/** Rows as lines: a table of aligned columns, or one JSON object a row. */
export async function printed(session: Session, select: string, format: ConsoleWrite['format']): Promise<readonly string[]> {
  if (format === 'json') {
    const rows = await session.rows(`SELECT CAST(to_json(line) AS VARCHAR) FROM (${select}) AS line`);
    return rows.map((row) => String(row[0]));
  }
  const columns = await session.columns(select);
  if (columns.length === 0) return [];
  const list = columns.map((column) => `CAST(${quoteName(column.name)} AS VARCHAR)`).join(', ');
  return table(columns, (await session.rows(`SELECT ${list} FROM (${select})`)) as readonly (readonly (string | null)[])[]);
}

/** What a console sink prints: the first `limit` rows of its SELECT. */
export const consoleLines = (session: Session, write: ConsoleWrite): Promise<readonly string[]> =>
  printed(session, `SELECT * FROM (${write.select}) LIMIT ${Math.max(0, Math.trunc(write.limit))}`, write.format);
