import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Found } from '../../connectors/files/behind.ts';
import type { Description, NodeContext } from '../define.ts';
import { ident, text } from '../sql.ts';

/** Bytes stand in JSON as the engine's text for them, which the reader of JSON would take for the bytes themselves. */
export const readAs = (type: string): string => (type === 'BLOB' ? 'VARCHAR' : type);
export const asWanted = (sql: string, type: string): string => (type === 'BLOB' ? `CAST(${sql} AS BLOB)` : sql);

/** A key as a JSON pointer. */
const pointer = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The lines of the files as texts, numbered in each without the empty ones. No text of a line is NULL: the sign that stands for it can't be in JSON. */
const linesOf = (files: readonly Found[], longest: number): string =>
  files
    .map(({ path }) => `SELECT ${text(path)} AS file, row_number() OVER () AS record, line FROM read_csv(${text(path)}, auto_detect = false, delim = '', quote = '', escape = '', comment = '', header = false, nullstr = '\u0001', max_line_size = ${longest}, columns = {'line': 'VARCHAR'})`)
    .join(' UNION ALL ');

/** A file in the run's own folder with the sound lines: objects, or, where there are none, whatever is JSON. */
export async function soundSample(files: readonly Found[], rows: number, longest: number, context: NodeContext): Promise<string> {
  mkdirSync(context.scratch, { recursive: true });
  const path = join(context.scratch, `json-${createHash('sha1').update(files.map((file) => file.path).join('\n')).digest('hex')}.ndjson`);
  const valid = `SELECT line, json_type(line) = 'OBJECT' AS is_object FROM (${linesOf(files, longest)}) WHERE json_valid(line)`;
  const objects = `SELECT line FROM (${valid}) WHERE is_object = (SELECT coalesce(bool_or(is_object), false) FROM (${valid}))`;
  await context.query(`COPY (${objects}${rows < 0 ? '' : ` LIMIT ${rows}`}) TO ${text(path)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '')`);
  return path;
}

/**
 * Lines that are sound as rows, the others by themselves and counted. Each line is read as text and taken apart here: the reader of JSON
 * gives NULLs for a bad line, and nothing to tell them from a line of NULLs.
 */
export function sound(files: readonly Found[], columns: readonly { readonly name: string; readonly type: string }[], bare: boolean, filename: boolean, longest: number): Pick<Description, 'outputs' | 'report'> {
  const lines = linesOf(files, longest);
  const valid = `SELECT file, record, line, CASE WHEN json_valid(line) THEN CAST(line AS JSON) END AS whole FROM (${lines}) WHERE trim(line) <> ''`;
  const part = (name: string): string => (bare ? 'whole' : `json_extract(whole, ${text(pointer(name))})`);
  const parsed = `SELECT *, ${columns.map(({ name, type }, index) => `from_json(${part(name)}, ${text(JSON.stringify(readAs(type)))}) AS c${index}`).join(', ')} FROM (${valid})`;
  const misfit = ({ name }: { readonly name: string }, index: number): string => `(c${index} IS NULL AND coalesce(json_type(${part(name)}), 'NULL') <> 'NULL')`;
  const kind = bare ? 'true' : "json_type(whole) = 'OBJECT'";
  const good = `whole IS NOT NULL AND ${kind}${columns.map((column, index) => ` AND NOT ${misfit(column, index)}`).join('')}`;
  const reason = `CASE WHEN whole IS NULL THEN 'This is not JSON.' WHEN NOT (${kind}) THEN 'This is not an object.' ${columns.map((column, index) => `WHEN ${misfit(column, index)} THEN ${text(`The value of “${column.name}” is not a ${column.type}.`)}`).join(' ')} END`;
  return {
    outputs: {
      out: `SELECT ${[...columns.map(({ name, type }, index) => `${asWanted(`c${index}`, type)} AS ${ident(name)}`), ...(filename ? ['file AS filename'] : [])].join(', ')} FROM (${parsed}) WHERE ${good}`,
      rejected: `SELECT file, record, ${reason} AS reason, line AS text FROM (${parsed}) WHERE NOT (${good})`,
    },
    report: {
      badRows: `SELECT count(*) FROM (${parsed}) WHERE NOT (${good})`,
      firstBadRecord: `SELECT coalesce(min(record), 0) FROM (${parsed}) WHERE NOT (${good})`,
    },
  };
}
