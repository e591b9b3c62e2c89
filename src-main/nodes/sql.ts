import { StudioError } from '#shared/errors';
import type { Column } from '#shared/data';
import { nearest as nearestOf } from '#shared/workflow/nearest';
import type { Description, Input, Inputs } from './define.ts';

/** Quotes a name as DuckDB wants it: any text becomes one identifier and nothing else. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Quotes a text as one SQL string literal. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A config's scalar as a literal. A string stays an untyped literal, so DuckDB gives it the type of what it is compared with. */
export function literal(value: string | number | bigint | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return `CAST(${text(String(value))} AS DOUBLE)`;
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
}

/** A checked expression within a statement. The line break ends a comment that the expression may end with. */
export const enclosed = (expression: string): string => `(${expression}\n)`;

/** The failure of a node because of one field of its config. */
export const failed = (field: string, message: string, remedy: string, detail?: string): StudioError =>
  new StudioError('node_failed', message, { place: field, remedy, ...(detail === undefined ? {} : { detail }) });

/** The name out of `known` that a person most likely meant, or nothing when none is close. */
export const nearest = (name: string, known: readonly string[]): string | undefined => nearestOf(name, known) ?? undefined;

/** The column of that name (case does not matter, as in SQL). Throws node_failed naming `field` and the nearest column. */
export function column(columns: readonly Column[], name: string, field: string, where = 'the input'): Column {
  const found = columns.find((one) => one.name === name) ?? columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(name, columns.map((one) => one.name));
  const shown = columns.slice(0, 20).map((one) => one.name).join(', ') + (columns.length > 20 ? ', …' : '');
  throw failed(field, `There is no column “${name}” in ${where}.`, near === undefined ? `The columns are: ${shown}.` : `Did you mean “${near}”? The columns are: ${shown}.`);
}

/** The node's one input. A run has it always: the checks see to that. A question in the editor may come before the edge. */
export function only(inputs: Inputs): Input {
  const input = inputs['in'];
  if (input === undefined) throw new StudioError('invalid_input', 'Nothing is connected to the node’s input yet.', { remedy: 'Connect a source or a transform to its input first.' });
  return input;
}

/** A node with one output, `out`. */
export const out = (select: string, more: Omit<Description, 'outputs' | 'write'> = {}): Description => ({ outputs: { out: select }, ...more });

/** Is it a whole number, a DECIMAL or a floating number? */
export const isNumeric = (type: string): boolean => /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL(\(.*\))?)$/.test(type);
export const isWhole = (type: string): boolean => /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type);
export const isFloating = (type: string): boolean => type === 'FLOAT' || type === 'DOUBLE';

/** A DuckDB type a person may name: letters, digits, brackets, commas; never a way out of the cast it stands in. */
export function typeName(type: string, field: string): string {
  if (/^[A-Za-z][A-Za-z0-9_ ]*(\(\s*\d+\s*(,\s*\d+\s*)?\))?(\[\])*$/.test(type.trim())) return type.trim().toUpperCase();
  throw failed(field, `“${type}” is not the name of a type.`, 'Use one of DuckDB’s types, such as BIGINT, DOUBLE, DECIMAL(18,2), VARCHAR, DATE, TIMESTAMP or BOOLEAN.');
}

/** Rows counted, by group if wanted, into `count`: the transform and the sink of `aggregate.count` mean the same by it. */
export function countSelect(input: Input, groupBy: readonly string[]): string {
  const groups = [...new Set(groupBy.map((name, index) => ident(column(input.columns, name, `groupBy[${index}]`).name)))];
  return `SELECT ${[...groups, 'count(*) AS count'].join(', ')} FROM ${input.sql}${groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`}`;
}

/** A group's column may not have the name of the count's. */
export const groupProblems = (groupBy: readonly string[]): readonly { readonly field: string; readonly message: string; readonly remedy: string }[] =>
  groupBy.flatMap((name, index) =>
    name.toLowerCase() === 'count' ? [{ field: `groupBy[${index}]`, message: 'The group’s column is called `count`, as the result is.', remedy: 'Rename it before this node, for example with Transform → rename.' }] : []);

/** The characters that trimming takes off, as a literal: spaces of all widths, tabs, line ends. */
export const WHITESPACE = text(' \t\r\n\f\v\u00a0\u2003\u3000\ufeff');

/** A text that could not be read as `type`: not NULL, and NULL after TRY_CAST. */
export const isBad = (operand: string, type: string): string => `(${operand} IS NOT NULL AND TRY_CAST(${operand} AS ${type}) IS NULL)`;

/** A cast whose failure names the column, the value and the type. */
export const castOrFail = (operand: string, type: string, name: string): string =>
  `CASE WHEN ${isBad(operand, type)} THEN error(${text(`Column “${name}”: the value “`)} || CAST(${operand} AS VARCHAR) || ${text(`” is not a ${type}.`)}) ELSE TRY_CAST(${operand} AS ${type}) END`;
