import { describing } from '../define.ts';
import { failed, ident, out, text } from '../sql.ts';
import { keysOf, shapeOf, typeOfTexts } from './infer.ts';
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

export default describing<Config>({
  spec,
  fusing: () => 'source',
  describe({ data }) {
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
    const source = `from_json(${text(written(records))}, ${text(JSON.stringify([shape]))})`;
    return out(`SELECT ${list} FROM (SELECT unnest(${source}) AS r)`, { expectedRows: records.length });
  },
});
