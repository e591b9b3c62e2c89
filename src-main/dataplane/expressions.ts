import { StudioError } from '#shared/errors';
import { nearest } from '#shared/workflow/nearest';
import { CLOCK, EVERYDAY, HARMLESS, NOT_STEADY, readFunctions } from './functions.ts';
import type { FunctionKind, Functions } from './functions.ts';
import { quoteText } from './quoting.ts';
import type { Session } from './session.ts';

/** What a text that is right does: would it give the same again for the same rows? */
export interface Judgement {
  readonly isSteady: boolean;
}

/** A `$name` in a query. */
export interface QueryParameter {
  readonly name: string;
}

interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: Tree; readonly named_param_map?: readonly { readonly key: string }[] }[];
}
type Tree = { readonly [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
const isEmpty = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0);

function* walk(value: unknown): Generator<Tree> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  else if (isTree(value)) {
    yield value;
    for (const item of Object.values(value)) yield* walk(item);
  }
}

/**
 * Every part of a query with the names that mean a table there: `known`, and the CTEs that stand before it in its own query or around
 * it. A CTE of another query is none: its name would be looked up among files and the engine's own tables.
 */
function* scoped(value: unknown, known: ReadonlySet<string>): Generator<{ readonly part: Tree; readonly known: ReadonlySet<string> }> {
  if (Array.isArray(value)) for (const item of value) yield* scoped(item, known);
  if (!isTree(value) || Array.isArray(value)) return;
  const map = value['cte_map'];
  let inside = known;
  for (const entry of isTree(map) && Array.isArray(map['map']) ? (map['map'] as readonly Tree[]) : []) {
    yield* scoped(entry['value'], inside);
    inside = new Set([...inside, String(entry['key']).toLowerCase()]);
  }
  yield { part: value, known: inside };
  // Of a recursive CTE only the second half sees itself.
  const itself = value['type'] === 'RECURSIVE_CTE_NODE' ? new Set([...inside, String(value['cte_name']).toLowerCase()]) : inside;
  for (const [key, item] of Object.entries(value)) if (key !== 'cte_map') yield* scoped(item, key === 'right' ? itself : inside);
}

/** A text within a sentence: the beginning of a long one. */
const shown = (text: string): string => `“${text.trim().length > 200 ? `${text.trim().slice(0, 200)}…` : text.trim()}”`;

/** A text within two others, which say how it is read alone and how in brackets: both in one question, because asking takes longer than reading. */
async function parse(session: Session, text: string, [alone, inBrackets]: readonly [(text: string) => string, (text: string) => string], field: string): Promise<readonly [Parsed, Parsed]> {
  // The engine's parser would stop there, and check another text than the one it runs.
  if (text.includes('\0')) throw refuse(field, 'The text holds a NUL character.', 'Remove it; chr(0) stands for one.');
  // It takes the cube of their number in time to take these apart.
  if (/(?:\+-?){100}/.test(text)) throw refuse(field, 'The text holds a hundred signs in a row.', 'Leave out the signs that do nothing.');
  const [row] = await session.rows(`SELECT ${[alone, inBrackets].map((written) => `json_serialize_sql(${quoteText(written(text))}::VARCHAR)`).join(', ')}`);
  return [JSON.parse(String(row?.[0])) as Parsed, JSON.parse(String(row?.[1])) as Parsed];
}

const refuse = (field: string, message: string, remedy: string, detail?: string): StudioError =>
  new StudioError('node_failed', message, { place: field, remedy, ...(detail === undefined ? {} : { detail }) });

const EXPRESSION_REMEDY = "Write one SQL expression over the columns of the node's input, such as value > 50 or upper(name).";

function syntaxError(parsed: Parsed, prefix: number, text: string, field: string, wanted: 'an expression' | 'a SELECT' = 'an expression'): StudioError {
  const message = parsed.error_message ?? 'syntax error';
  if (message.includes('Only SELECT')) return refuse(field, `${shown(text)} is another statement, not ${wanted}.`, wanted === 'a SELECT' ? 'Write one SELECT over the inputs of the node.' : EXPRESSION_REMEDY, message);
  const at = parsed.position === undefined ? null : Number(parsed.position) - prefix;
  const where = at === null || at < 0 ? '' : ` at character ${Math.min(at, text.length) + 1}`;
  return refuse(field, `${shown(text)} can't be read${where}: ${message}.`, 'Check for a missing quote, bracket or operator there.', message);
}

const withoutPlaces = (value: unknown): string => JSON.stringify(value, (key, item: unknown) => (key === 'query_location' ? undefined : item));

/** The one expression of `SELECT text`, or the reason why it is not one. */
async function onlyExpression(session: Session, text: string, field: string): Promise<Tree> {
  if (text.trim() === '') throw refuse(field, 'The expression is empty.', EXPRESSION_REMEDY);
  const [parsed, again] = await parse(session, text, [(one) => `SELECT ${one}`, (one) => `SELECT (${one})`], field);
  if (parsed.error || parsed.statements === undefined) throw syntaxError(parsed, 'SELECT '.length, text, field);
  const select = parsed.statements[0]?.node;
  const list = select?.['select_list'];
  const bare =
    parsed.statements.length === 1 &&
    select?.['type'] === 'SELECT_NODE' &&
    ['modifiers', 'where_clause', 'group_expressions', 'having', 'sample', 'qualify'].every((key) => isEmpty(select[key])) &&
    isTree(select['from_table']) &&
    select['from_table']['type'] === 'EMPTY' &&
    Array.isArray(list) &&
    list.length === 1;
  const expression: unknown = bare ? list[0] : null;
  if (!isTree(expression) || expression['alias'] !== '') throw refuse(field, `${shown(text)} is not one single expression.`, EXPRESSION_REMEDY);
  // In brackets it must mean the same: a comment that swallows the bracket, or brackets that pair up across it, would not.
  if (withoutPlaces(again.statements) !== withoutPlaces(parsed.statements)) throw refuse(field, `${shown(text)} is not one single expression.`, 'Leave out comments and semicolons.');
  return expression;
}

const FORBIDDEN: { readonly [kind: string]: string } = {
  SUBQUERY: 'a subquery',
  STAR: 'a star',
  PARAMETER: 'a parameter',
  POSITIONAL_REFERENCE: 'a column by position',
};

const OVER_ROWS_REMEDY = 'Use an aggregate node or an SQL node for what looks at several rows.';

/** What a function that an expression may not call would do; nothing for one that gives one value for one row. */
const NOT_SCALAR: { readonly [K in FunctionKind]: string | undefined } = {
  scalar: undefined,
  aggregate: 'counts up several rows',
  rows: 'makes several rows out of one',
  window: 'looks at several rows',
  table: 'gives a table',
};

/** Functions that the text calls, operators left out. */
function* calls(tree: unknown): Generator<string> {
  for (const part of walk(tree)) {
    const name = part['function_name'];
    if (part['class'] === 'FUNCTION' && part['is_operator'] !== true && typeof name === 'string') yield name;
  }
}

/** Functions that look for one by its name: of an aggregate that chance or the order of threads decides there is one. */
const BY_NAME = /^(list|array)_aggr(egate)?$|^aggregate$/;

/** Of a call that the engine knows. With one argument `age` counts from today. */
function isSteadyCall(call: Tree, functions: Functions | null): boolean {
  const name = String(call['function_name']);
  const args = Array.isArray(call['children']) ? (call['children'] as readonly unknown[]) : [];
  if (name === 'age') return args.length > 1;
  const named = BY_NAME.test(name) ? args.flatMap((one) => (isTree(one) && isTree(one['value']) && typeof one['value']['value'] === 'string' ? [one['value']['value'].toLowerCase()] : [])) : [];
  return [name, ...named].every((one) => EVERYDAY.has(one) || functions?.get(one)?.isSteady === true);
}

/** Does the text ask neither the clock nor chance, and take no samples? A function that nobody knows is taken for one that does. */
function isSteady(tree: unknown, functions: Functions | null): boolean {
  for (const part of walk(tree)) {
    if (isTree(part['sample'])) return false;
    const names = part['class'] === 'COLUMN_REF' && Array.isArray(part['column_names']) ? (part['column_names'] as readonly unknown[]) : [];
    if (names.length === 1 && CLOCK.has(String(names[0]).toLowerCase())) return false;
    if (part['class'] === 'WINDOW' && NOT_STEADY.test(String(part['function_name']))) return false;
    if (part['class'] === 'FUNCTION' && part['is_operator'] !== true && typeof part['function_name'] === 'string' && !isSteadyCall(part, functions)) return false;
  }
  return true;
}

function unknownFunction(field: string, name: string, functions: Functions): StudioError {
  const near = nearest(name, functions.keys());
  return refuse(field, `There is no function “${name}”.`, near === null ? 'Check its name.' : `Did you mean “${near}”?`);
}

/**
 * Refuses every text that is not one SQL expression which gives one value for one row: no subquery, star, parameter, aggregate or
 * window. Throws StudioError('node_failed') naming the field. DuckDB's own parser is asked, so nothing passes that it would read
 * otherwise; `known` are the functions it has, asked for only where the text calls one that is not an everyday one.
 */
export async function checkExpression(session: Session, text: string, field: string, known: () => Promise<Functions> = () => readFunctions(session)): Promise<Judgement> {
  const expression = await onlyExpression(session, text, field);
  for (const part of walk(expression)) {
    const kind = typeof part['class'] === 'string' ? part['class'] : '';
    if (kind === 'WINDOW') throw refuse(field, `${shown(text)} holds a window function, which looks at several rows; an expression here is computed row by row.`, OVER_ROWS_REMEDY);
    const what = FORBIDDEN[kind];
    if (what !== undefined) throw refuse(field, `${shown(text)} holds ${what}, which an expression here can't.`, EXPRESSION_REMEDY);
  }
  const called = new Set([...calls(expression)].filter((name) => !EVERYDAY.has(name)));
  if (called.size === 0) return { isSteady: isSteady(expression, null) };
  const functions = await known();
  for (const name of called) {
    const found = functions.get(name);
    if (found === undefined) throw unknownFunction(field, name, functions);
    const does = NOT_SCALAR[found.kind];
    if (does !== undefined) throw refuse(field, `${shown(text)} calls ${name === 'count_star' ? 'count' : name}, which ${does}; an expression here is computed row by row.`, OVER_ROWS_REMEDY);
  }
  return { isSteady: isSteady(expression, functions) };
}

/**
 * Refuses every text that is not one SELECT over `tables` (its inputs) and its own CTEs: no file, no table function that reaches
 * outside, no other statement. Answers its `$name` parameters, by name.
 */
export async function checkQuery(session: Session, text: string, field: string, tables: readonly string[], functionsOf: () => Promise<Functions> = () => readFunctions(session)): Promise<Judgement & { readonly parameters: readonly QueryParameter[] }> {
  const remedy = `Write one SELECT over ${tables.join(', ')}.`;
  const [parsed, again] = await parse(session, text, [(one) => one, (one) => `SELECT * FROM (${one.trim()}\n)`], field);
  if (parsed.error || parsed.statements === undefined) throw syntaxError(parsed, 0, text, field, 'a SELECT');
  const [statement] = parsed.statements;
  if (parsed.statements.length !== 1 || statement === undefined) throw refuse(field, 'The query holds more than one statement, or none.', remedy);
  if (again.error || again.statements?.length !== 1) throw refuse(field, 'The query is not one single SELECT.', 'Leave out the semicolon at the end.');
  for (const { part, known } of scoped(statement.node, new Set(tables.map((table) => table.toLowerCase())))) {
    const type = part['type'];
    if (type === 'BASE_TABLE') {
      const name = String(part['table_name']);
      if (!isEmptyName(part['schema_name']) || !isEmptyName(part['catalog_name']) || !known.has(name.toLowerCase()))
        throw refuse(field, `The query reads “${name}”, which is not one of its inputs.`, `Its inputs are ${tables.join(', ')}. Read files with a source node.`);
    } else if (type === 'TABLE_FUNCTION' && isTree(part['function'])) {
      const name = String(part['function']['function_name']).toLowerCase();
      if (!HARMLESS.has(name)) throw refuse(field, `The query calls the table function ${name}, which it may not.`, 'Read files with a source node and connect it to this one.');
    } else if (type === 'SHOW_REF') throw refuse(field, 'The query is not a SELECT.', remedy);
  }
  const called = new Set([...calls(statement.node)].filter((name) => !EVERYDAY.has(name)));
  const functions = called.size > 0 ? await functionsOf() : null;
  for (const name of called) if (functions?.has(name) === false) throw unknownFunction(field, name, functions);
  const parameters = (statement.named_param_map ?? []).map((entry) => ({ name: entry.key })).toSorted((a, b) => a.name.localeCompare(b.name));
  return { isSteady: isSteady(statement.node, functions), parameters };
}

const isEmptyName = (value: unknown): boolean => value === '' || value === undefined || value === null;
