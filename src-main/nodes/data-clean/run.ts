import type { Column } from '#shared/data';
import type { Json } from '#shared/json';
import { describing } from '../define.ts';
import type { Fusing, NodeContext } from '../define.ts';
import { castOrFail, column, failed, ident, isBad, isNumeric, isWhole, literal, only, out, text, typeName, WHITESPACE } from '../sql.ts';
import { spec } from './spec.ts';

type Scalar = string | number | boolean;

interface Config {
  readonly columns: readonly string[];
  readonly trim: boolean;
  readonly emptyAsNull: boolean;
  readonly types: Readonly<Record<string, string>>;
  readonly onBadType: 'fail' | 'null' | 'drop';
  readonly fill?: Json;
  readonly removeNull: boolean;
  readonly deduplicate: boolean;
}

const isScalar = (value: Json | undefined): value is Scalar => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const changes = (config: Config): boolean => config.trim || config.emptyAsNull || Object.keys(config.types).length > 0 || (config.fill ?? null) !== null;

function fusing(config: Config): Fusing {
  if (config.deduplicate || (config.onBadType === 'drop' && Object.keys(config.types).length > 0)) return 'reshape';
  if (config.removeNull) return changes(config) ? 'reshape' : 'filter';
  return 'rows';
}

/** Can a column of this type hold a value that is given for all columns? */
function holds(type: string, value: Scalar): boolean {
  if (typeof value === 'string') return type === 'VARCHAR';
  if (typeof value === 'boolean') return type === 'BOOLEAN';
  return isWhole(type) ? Number.isInteger(value) : isNumeric(type);
}

/** The value to fill a column with, as SQL. Throws node_failed when the value given for it is not of its type. */
async function filling(fill: Json | undefined, { name, type }: Column, context: NodeContext): Promise<string | undefined> {
  if (fill === undefined || fill === null) return undefined;
  if (isScalar(fill)) return holds(type, fill) ? literal(fill) : undefined;
  const entry = Object.entries(fill).find(([key]) => key.toLowerCase() === name.toLowerCase());
  if (entry === undefined) return undefined;
  const [, value] = entry;
  if (!isScalar(value)) throw failed(`fill.${name}`, `The value for “${name}” is not a text, a number or a boolean.`, 'Give one value.');
  const sql = `CAST(${literal(value)} AS ${type})`;
  const [row] = await context.query(`SELECT TRY_CAST(${text(String(value))} AS ${type}) IS NULL AS bad`);
  if (row?.['bad'] === true) throw failed(`fill.${name}`, `“${String(value)}” can’t fill the column “${name}”, which is ${type}.`, `Give a ${type}, or change the column’s type under “Types”.`);
  return sql;
}

/** One column on its way through the rules: its SQL before and after each. */
interface Way {
  readonly column: Column;
  readonly trimmed: string;
  readonly emptied: string;
  readonly bad?: string;
  readonly typed: string;
  readonly filled: string;
  readonly isFilled: boolean;
}

async function wayOf(given: Column, config: Config, context: NodeContext): Promise<Way> {
  const raw = ident(given.name);
  const isText = given.type === 'VARCHAR';
  const trimmed = config.trim && isText ? `trim(${raw}, ${WHITESPACE})` : raw;
  const emptied = config.emptyAsNull && isText ? `nullif(${trimmed}, '')` : trimmed;
  const wanted = Object.entries(config.types).find(([name]) => name.toLowerCase() === given.name.toLowerCase());
  const type = wanted === undefined ? undefined : typeName(wanted[1], `types.${wanted[0]}`);
  const typed = type === undefined ? emptied : config.onBadType === 'fail' ? castOrFail(emptied, type, given.name) : `TRY_CAST(${emptied} AS ${type})`;
  const after = type === undefined ? given.type : ((await context.columns(`SELECT CAST(NULL AS ${type}) AS x`))[0]?.type ?? type);
  const fill = await filling(config.fill, { name: given.name, type: after }, context);
  return {
    column: given, trimmed, emptied, typed, isFilled: fill !== undefined,
    ...(type === undefined ? {} : { bad: isBad(emptied, type) }),
    filled: fill === undefined ? typed : `coalesce(${typed}, ${fill})`,
  };
}

const anyOf = (conditions: readonly string[]): string => (conditions.length === 0 ? 'false' : conditions.map((one) => `(${one})`).join(' OR '));

const count = (from: string, where: string): string => `SELECT count(*) FROM ${from} WHERE ${where}`;

export default describing<Config>({
  spec,
  fusing,
  check: ({ fill }) => (Array.isArray(fill) ? [{ field: 'fill', message: 'The value to fill with is a list.', remedy: 'Give one value, or an object with a value by column.' }] : []),
  async describe(config, inputs, context) {
    const input = only(inputs);
    for (const name of Object.keys(config.types)) column(input.columns, name, `types.${name}`);
    if (typeof config.fill === 'object' && config.fill !== null) for (const name of Object.keys(config.fill)) column(input.columns, name, `fill.${name}`);
    const chosen = config.columns.length === 0 ? input.columns : config.columns.map((name, index) => column(input.columns, name, `columns[${index}]`));
    const looked = new Set(chosen.map(({ name }) => name));
    const ways = await Promise.all(input.columns.filter(({ name }) => looked.has(name) || Object.keys(config.types).some((type) => type.toLowerCase() === name.toLowerCase())).map((one) => wayOf(one, config, context)));
    const changed = ways.filter((way) => way.filled !== ident(way.column.name));
    const bad = ways.flatMap((way) => way.bad ?? []);
    const dropped = config.onBadType === 'drop' && bad.length > 0 ? ` WHERE NOT (${anyOf(bad)})` : '';
    const replaced = changed.length === 0 ? '*' : `* REPLACE (${changed.map((way) => `${way.filled} AS ${ident(way.column.name)}`).join(', ')})`;
    const stage = changed.length === 0 && dropped === '' ? input.sql : `(SELECT ${replaced} FROM ${input.sql}${dropped})`;
    const names = chosen.map(({ name }) => ident(name));
    const whole = config.removeNull ? `SELECT * FROM ${stage} WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}` : undefined;
    const kept = whole === undefined ? stage : `(${whole})`;
    const distinct = config.columns.length === 0 ? `SELECT DISTINCT * FROM ${kept}` : `SELECT DISTINCT ON (${names.join(', ')}) * FROM ${kept}`;
    const select = config.deduplicate ? distinct : (whole ?? `SELECT * FROM ${stage}`);

    const filled = ways.filter((way) => way.isFilled);
    const texts = ways.filter(({ column: { type } }) => type === 'VARCHAR');
    const report = {
      ...(config.trim ? { trimmed: count(input.sql, anyOf(texts.map((way) => `${way.trimmed} <> ${ident(way.column.name)}`))) } : {}),
      ...(config.emptyAsNull ? { emptied: count(input.sql, anyOf(texts.map((way) => `${way.trimmed} = ''`))) } : {}),
      ...(bad.length > 0 && config.onBadType !== 'fail' ? { 'bad types': count(input.sql, anyOf(bad)) } : {}),
      ...(filled.length > 0 ? { filled: count(input.sql, `${dropped === '' ? '' : `NOT (${anyOf(bad)}) AND `}(${anyOf(filled.map((way) => `${way.typed} IS NULL`))})`) } : {}),
      ...(config.removeNull ? { 'rows with NULL': count(stage, anyOf(names.map((name) => `${name} IS NULL`))) } : {}),
      ...(config.deduplicate ? { duplicates: `SELECT (SELECT count(*) FROM ${kept}) - (SELECT count(*) FROM (${distinct}))` } : {}),
    };
    return out(select, { report });
  },
});
