import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describing } from '../define.ts';
import { failed, ident, out, text } from '../sql.ts';
import { keysOf, shapeOf, typeOf, typeOfTexts } from './infer.ts';
import type { Shape } from './infer.ts';
import { collection } from './parse.ts';
import type { Value } from './parse.ts';
import { spec } from './spec.ts';

interface Config {
  readonly data: Value;
}

/** JSON in which whole numbers of any length keep their digits: they are written as text, which from_json casts. */
const written = (value: Value): string => JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item));

const asRecord = (row: Value): { readonly [key: string]: Value } =>
  typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as { readonly [key: string]: Value }) : { value: row };

/** Up to this many letters the rows stand in the statement itself; more are written to a file of the run, which DuckDB reads in pieces. */
const IN_STATEMENT = 1 << 18;

/** One row a line, in pieces, so that no text of all rows is needed. Named for its content: asked twice, it is written once. */
async function spilled(records: readonly Value[], folder: string): Promise<{ readonly path: string; readonly longest: number }> {
  const hash = createHash('sha256');
  const lines: string[] = [];
  let longest = 1 << 20;
  for (let at = 0; at < records.length; at += 4096) {
    const rows = records.slice(at, at + 4096).map((record) => `${written(record)}\n`);
    longest = rows.reduce((most, row) => Math.max(most, row.length), longest);
    const piece = rows.join('');
    hash.update(piece);
    lines.push(piece);
  }
  const path = join(folder, `rows-${hash.digest('hex').slice(0, 32)}.ndjson`);
  if (!existsSync(path)) {
    await writeFile(`${path}.part`, lines);
    await rename(`${path}.part`, path);
  }
  // A letter may take four bytes.
  return { path, longest: longest * 4 };
}

/** Is it longer than what goes into a statement? Looks no further than it must. */
function isLong(records: readonly Value[]): boolean {
  let length = 0;
  return records.some((record) => (length += written(record).length) > IN_STATEMENT);
}

export default describing<Config>({
  spec,
  fusing: () => 'source',
  async describe({ data }, _inputs, context) {
    const { rows, names, texts } = collection(data);
    const records = rows.map(asRecord);
    const columns = names.length > 0 ? names : keysOf(records);
    const twice = columns.find((name, index) => columns.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index);
    if (twice !== undefined) throw failed('data', `Two columns are called “${twice}” (capital letters make no difference).`, 'Rename one of them.');
    if (columns.length === 0 && rows.length > 0) throw failed('data', 'The rows have no columns.', 'Give the objects at least one key.');
    if (columns.length === 0) return out('SELECT NULL::VARCHAR AS value WHERE false', { expectedRows: 0 });
    const shape: Record<string, Shape> = {};
    for (const name of columns) {
      const values = records.map((record) => record[name] ?? null);
      shape[name] = texts ? typeOfTexts(values as readonly (string | null)[]) : shapeOf(values);
    }
    const list = columns.map((name) => `struct_extract(r, ${text(name)}) AS ${ident(name)}`).join(', ');
    const expectedRows = records.length;
    if (isLong(records)) {
      const types = columns.map((name) => `${ident(name)}: ${text(typeOf(shape[name] ?? 'VARCHAR'))}`).join(', ');
      const { path, longest } = await spilled(records, context.scratch);
      return out(`SELECT ${columns.map(ident).join(', ')} FROM read_json(${text(path)}, format = 'newline_delimited', columns = {${types}}, maximum_object_size = ${longest})`, { expectedRows });
    }
    const source = `from_json(${text(written(records))}, ${text(JSON.stringify([shape]))})`;
    return out(`SELECT ${list} FROM (SELECT unnest(${source}) AS r)`, { expectedRows });
  },
});
