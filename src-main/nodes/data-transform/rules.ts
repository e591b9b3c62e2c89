import type { Column } from '#shared/data';
import type { NodeContext } from '../define.ts';
import { castOrFail, column, enclosed, failed, ident, isNumeric, literal, text, typeName } from '../sql.ts';

/** Every rule by its name, as it stands in the config. */
export interface Rules {
  readonly rename: { readonly columns: Readonly<Record<string, string>> };
  readonly select: { readonly columns: readonly string[] };
  readonly drop: { readonly columns: readonly string[] };
  readonly cast: { readonly column: string; readonly to: string; readonly onError?: 'fail' | 'null' };
  readonly derive: { readonly name: string; readonly expression: string };
  readonly split: { readonly column: string; readonly separator: string; readonly into: readonly string[]; readonly keep?: boolean };
  readonly replace: { readonly column: string; readonly find: string; readonly with?: string; readonly regex?: boolean };
  readonly sort: { readonly by: readonly (string | { readonly column: string; readonly descending?: boolean })[] };
  readonly limit: { readonly count: number; readonly offset?: number };
  readonly unpivot: { readonly columns: readonly string[]; readonly nameColumn?: string; readonly valueColumn?: string };
  readonly pivot: { readonly column: string; readonly valueColumn: string; readonly function?: string; readonly groupBy?: readonly string[]; readonly values?: readonly string[] };
}
export type RuleName = keyof Rules;
export type Rule = { readonly [N in RuleName]: { readonly type: N } & Rules[N] }[RuleName];

/** Where a rule finds its rows: fit to stand behind FROM. */
interface At {
  readonly from: string;
  readonly columns: readonly Column[];
  /** The field's path in the config: `rules[2]`. */
  readonly place: string;
  readonly context: NodeContext;
}

const list = (names: readonly string[]): string => names.map(ident).join(', ');
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const some = ({ columns, place }: At, names: readonly string[], field: string): readonly Column[] => names.map((name, index) => column(columns, name, `${place}.${field}[${index}]`));

/** `SELECT *` with one column replaced in its place. */
const replacing = (at: At, name: string, sql: string): string => `SELECT * REPLACE (${sql} AS ${ident(name)}) FROM ${at.from}`;

function textColumn(at: At, name: string): Column {
  const found = column(at.columns, name, `${at.place}.column`);
  if (found.type === 'VARCHAR') return found;
  throw failed(`${at.place}.column`, `The column “${found.name}” is ${found.type}, not text.`, 'Cast it to VARCHAR first.');
}

async function pivot(rule: Rules['pivot'], at: At): Promise<string> {
  const { name } = column(at.columns, rule.column, `${at.place}.column`);
  const value = column(at.columns, rule.valueColumn, `${at.place}.valueColumn`);
  const combine = rule.function ?? 'sum';
  if ((combine === 'sum' || combine === 'avg') && !isNumeric(value.type)) throw failed(`${at.place}.valueColumn`, `The column “${value.name}” is ${value.type}, which can’t be added up.`, 'Choose a column of numbers, or combine with first, min, max or count.');
  const groups = (rule.groupBy ?? []).length > 0 ? some(at, rule.groupBy ?? [], 'groupBy').map((one) => one.name) : at.columns.map((one) => one.name).filter((one) => one !== name && one !== value.name);
  const key = `CAST(${ident(name)} AS VARCHAR)`;
  const asked = rule.values ?? [];
  const values = asked.length > 0 ? asked : (await at.context.query(`SELECT DISTINCT ${key} AS v FROM ${at.from} WHERE ${ident(name)} IS NOT NULL ORDER BY v LIMIT 1001`)).map((row) => String(row['v']));
  if (values.length > 1000) throw failed(`${at.place}.column`, `The column “${name}” has more than 1,000 values, too many to become columns.`, 'Choose another column, or name the values that are wanted.');
  const taken = values.find((one, index) => [...groups, ...values.slice(0, index)].some((other) => same(other, one)));
  if (taken !== undefined) throw failed(`${at.place}.column`, `The value “${taken}” would become a column that is there already.`, 'Rename that column first.');
  const figures = values.map((one) => `${combine}(${ident(value.name)}) FILTER (WHERE ${key} = ${text(one)}) AS ${ident(one === '' ? '(empty)' : one)}`);
  if (groups.length + figures.length === 0) throw failed(`${at.place}.values`, 'The pivot has no columns, because there are no values.', 'Name the values that are wanted.');
  return `SELECT ${[list(groups), ...figures].filter(Boolean).join(', ')} FROM ${at.from}${groups.length === 0 ? '' : ` GROUP BY ${list(groups)}`}`;
}

type Table = { readonly [N in RuleName]: (rule: Rules[N], at: At) => string | Promise<string> };

const RULES: Table = {
  rename({ columns }, at) {
    const renamed = new Map(Object.entries(columns).map(([old, now]) => [column(at.columns, old, `${at.place}.columns.${old}`).name, now]));
    const names = at.columns.map(({ name }) => renamed.get(name) ?? name);
    const twice = names.find((name, index) => names.findIndex((other) => same(other, name)) < index);
    if (twice !== undefined) throw failed(`${at.place}.columns`, `After renaming there would be two columns called “${twice}”.`, 'Choose another name, or drop the other column first.');
    return `SELECT ${at.columns.map(({ name }, index) => `${ident(name)} AS ${ident(names[index] ?? name)}`).join(', ')} FROM ${at.from}`;
  },
  select: ({ columns }, at) => `SELECT ${list([...new Set(some(at, columns, 'columns').map((one) => one.name))])} FROM ${at.from}`,
  drop({ columns }, at) {
    const gone = new Set(some(at, columns, 'columns').map((one) => one.name));
    const kept = at.columns.map((one) => one.name).filter((name) => !gone.has(name));
    if (kept.length === 0) throw failed(`${at.place}.columns`, 'The rule drops every column.', 'Keep at least one.');
    return `SELECT ${list(kept)} FROM ${at.from}`;
  },
  cast({ column: name, to, onError }, at) {
    const found = column(at.columns, name, `${at.place}.column`);
    const type = typeName(to, `${at.place}.to`);
    return replacing(at, found.name, onError === 'null' ? `TRY_CAST(${ident(found.name)} AS ${type})` : castOrFail(ident(found.name), type, found.name));
  },
  async derive({ name, expression }, at) {
    await at.context.checkExpression(expression, `${at.place}.expression`);
    const there = at.columns.find((one) => same(one.name, name));
    return there === undefined ? `SELECT *, ${enclosed(expression)} AS ${ident(name)} FROM ${at.from}` : replacing(at, there.name, enclosed(expression));
  },
  split({ column: name, separator, into, keep }, at) {
    const found = textColumn(at, name);
    const taken = into.find((one, index) => into.findIndex((other) => same(other, one)) < index || at.columns.some((other) => same(other.name, one) && (keep === true || other.name !== found.name)));
    if (taken !== undefined) throw failed(`${at.place}.into`, `There would be two columns called “${taken}”.`, 'Choose another name.');
    const parts = `string_split(${ident(found.name)}, ${text(separator)})`;
    const made = into.map((one, index) =>
      `${index === into.length - 1 ? `nullif(array_to_string(${parts}[${index + 1}:], ${text(separator)}), CASE WHEN len(${parts}) <= ${index} THEN '' END)` : `${parts}[${index + 1}]`} AS ${ident(one)}`);
    const columns = at.columns.flatMap((one) => (one.name === found.name ? [...(keep === true ? [ident(one.name)] : []), ...made] : [ident(one.name)]));
    return `SELECT ${columns.join(', ')} FROM ${at.from}`;
  },
  async replace({ column: name, find, with: by = '', regex }, at) {
    const found = textColumn(at, name);
    if (regex !== true) return replacing(at, found.name, `replace(${ident(found.name)}, ${text(find)}, ${text(by)})`);
    try {
      await at.context.query(`SELECT regexp_matches('', ${text(find)})`);
    } catch (error) {
      throw failed(`${at.place}.find`, `“${find}” is not a regular expression that can be read.`, 'Check its brackets; RE2 has no look-ahead and no back-references.', error instanceof Error ? error.message : String(error));
    }
    return replacing(at, found.name, `regexp_replace(${ident(found.name)}, ${text(find)}, ${text(by)}, 'g')`);
  },
  sort({ by }, at) {
    const keys = by.map((one, index) => {
      const { column: name, descending = false } = typeof one === 'string' ? { column: one } : one;
      return `${ident(column(at.columns, name, `${at.place}.by[${index}]`).name)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
    });
    return keys.length === 0 ? `SELECT * FROM ${at.from}` : `SELECT * FROM ${at.from} ORDER BY ${keys.join(', ')}`;
  },
  limit: ({ count, offset = 0 }, at) => `SELECT * FROM ${at.from} LIMIT ${literal(count)} OFFSET ${literal(offset)}`,
  unpivot({ columns, nameColumn = 'name', valueColumn = 'value' }, at) {
    const turned = some(at, columns, 'columns');
    if (turned.length === 0) throw failed(`${at.place}.columns`, 'The rule names no column to turn into rows.', 'Name at least one.');
    const kept = at.columns.filter((one) => !turned.includes(one));
    const taken = kept.find((one) => same(one.name, nameColumn) || same(one.name, valueColumn));
    if (taken !== undefined || same(nameColumn, valueColumn)) throw failed(`${at.place}.nameColumn`, `There would be two columns called “${taken?.name ?? nameColumn}”.`, 'Choose another name for the name column or the value column.');
    const cast = new Set(turned.map((one) => one.type)).size > 1;
    const pairs = turned.map((one) => `{'name': ${text(one.name)}, 'value': ${cast ? `CAST(${ident(one.name)} AS VARCHAR)` : ident(one.name)}}`);
    const others = kept.map((one) => ident(one.name));
    const inner = `SELECT ${[...others, `unnest([${pairs.join(', ')}]) AS "pair of unpivot"`].join(', ')} FROM ${at.from}`;
    return `SELECT ${[...others, `"pair of unpivot".name AS ${ident(nameColumn)}`, `"pair of unpivot".value AS ${ident(valueColumn)}`].join(', ')} FROM (${inner})`;
  },
  pivot,
};

/** The names of all rules, to suggest one. */
export const RULE_NAMES: readonly string[] = Object.keys(RULES);

/** Rules that don't give one row for one row. */
export const RESHAPING: ReadonlySet<string> = new Set(['sort', 'limit', 'unpivot', 'pivot']);

/** The SELECT of one rule over its rows. */
export const ruleSql = <N extends RuleName>(rule: { readonly type: N } & Rules[N], at: At): string | Promise<string> => RULES[rule.type](rule, at);
