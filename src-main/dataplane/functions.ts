import type { Session } from './session.ts';

/** What a function does with rows: one value for one (`scalar`), one for many, many for one, one in sight of others, or a whole table. */
export type FunctionKind = 'scalar' | 'aggregate' | 'rows' | 'window' | 'table';

/** A function of the engine: what it does with rows, and whether it gives the same for the same. */
export interface EngineFunction {
  readonly kind: FunctionKind;
  readonly isSteady: boolean;
}

/** Every function of the engine by its name. */
export type Functions = ReadonlyMap<string, EngineFunction>;

/** Table functions that make rows out of their arguments alone. */
export const HARMLESS: ReadonlySet<string> = new Set(['range', 'generate_series', 'unnest', 'repeat', 'repeat_row', 'json_each', 'json_tree', 'summary']);

/** What the engine takes for the clock without brackets, where no column has the name. */
export const CLOCK: ReadonlySet<string> = new Set(['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp']);

/** What the engine's list is wrong about: it calls these consistent, but they tell the time or a setting, or hang on the order of threads. */
export const NOT_STEADY = /^(current_local\w+|current_setting|approx_\w+|reservoir_\w+)$/;
/** It calls this one volatile, so that it is not computed ahead. */
const STEADY = new Set(['error']);

/** Functions of the engine that nearly every expression does with: they need no look at the whole list, which takes some thirty milliseconds. */
export const EVERYDAY: ReadonlySet<string> = new Set(
  `abs round floor ceil ceiling sqrt power pow ln log10 exp sign greatest least upper lower trim ltrim rtrim length len strlen substring substr left right concat concat_ws replace
  reverse contains starts_with ends_with split_part string_split lpad rpad regexp_matches regexp_replace regexp_extract coalesce nullif date_part date_trunc date_diff date_add
  year month day hour minute second strftime strptime to_days trunc list_value struct_pack row error md5 sha256 hash format printf`.split(/\s+/),
);

const WINDOW_ONLY = ['row_number', 'rank', 'dense_rank', 'rank_dense', 'percent_rank', 'cume_dist', 'ntile', 'lead', 'lag', 'first_value', 'last_value', 'nth_value', 'fill'];
const MAKES_ROWS = ['unnest', 'unlist'];
/** Functions by one name and of several kinds are harmless where the harmless kind is meant: the engine tells by the place. */
const ORDER: readonly FunctionKind[] = ['table', 'aggregate', 'scalar'];
const KIND_OF: Readonly<Record<string, FunctionKind>> = { scalar: 'scalar', aggregate: 'aggregate', table: 'table', table_macro: 'table', pragma: 'table' };

/** The engine's own list. A macro is what the functions in it are, and as steady as every word of it. */
export async function readFunctions(session: Session): Promise<Functions> {
  const rows = await session.rows('SELECT DISTINCT function_name, function_type, macro_definition, stability FROM duckdb_functions()');
  const found = new Map<string, FunctionKind>();
  const macros = new Map<string, string>();
  const unsteady = new Set<string>();
  for (const [name, type, definition, stability] of rows.map((row) => row.map(String))) {
    if (name === undefined || type === undefined) continue;
    const kind = KIND_OF[type];
    if ((kind === 'scalar' || kind === 'aggregate') && stability !== 'CONSISTENT') unsteady.add(name);
    if (kind === undefined) macros.set(name, `${macros.get(name) ?? ''} ${definition ?? ''}`);
    else if (ORDER.indexOf(kind) >= ORDER.indexOf(found.get(name) ?? 'table')) found.set(name, kind);
  }
  for (const name of WINDOW_ONLY) found.set(name, 'window');
  for (const name of MAKES_ROWS) found.set(name, 'rows');
  const kindOf = (name: string, seen: ReadonlySet<string>): FunctionKind => {
    const definition = macros.get(name);
    if (definition === undefined || seen.has(name)) return found.get(name) ?? 'scalar';
    const inside = [...definition.matchAll(/"?(\w+)"?\(/g)].map((match) => kindOf(match[1] ?? '', new Set([...seen, name])));
    return inside.find((kind) => kind === 'aggregate' || kind === 'rows') ?? 'scalar';
  };
  for (const name of macros.keys()) if (found.get(name) !== 'scalar') found.set(name, kindOf(name, new Set()));
  const isSteady = (name: string, seen: ReadonlySet<string>): boolean => {
    if (STEADY.has(name) || seen.has(name)) return true;
    if (unsteady.has(name) || NOT_STEADY.test(name) || CLOCK.has(name) || (found.get(name) === 'table' && !HARMLESS.has(name))) return false;
    return (macros.get(name)?.match(/\w+/g) ?? []).every((word) => isSteady(word.toLowerCase(), new Set([...seen, name])));
  };
  return new Map([...found].map(([name, kind]) => [name, { kind, isSteady: isSteady(name, new Set()) }]));
}
