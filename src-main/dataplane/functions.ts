import type { Session } from './session.ts';

/** What a function does with rows: one value for one (`scalar`), one for many, many for one, one in sight of others, or a whole table. */
export type FunctionKind = 'scalar' | 'aggregate' | 'rows' | 'window' | 'table';

/** Every function of the engine by its name. */
export type Functions = ReadonlyMap<string, FunctionKind>;

/** Functions of the engine that nearly every expression does with: they need no look at the whole list, which takes some thirty milliseconds. */
export const EVERYDAY: ReadonlySet<string> = new Set(
  `abs round floor ceil ceiling sqrt power pow ln log10 exp sign greatest least upper lower trim ltrim rtrim length len strlen substring substr left right concat concat_ws replace
  reverse contains starts_with ends_with split_part string_split lpad rpad regexp_matches regexp_replace regexp_extract coalesce nullif date_part date_trunc date_diff date_add
  year month day hour minute second strftime strptime to_days trunc list_value struct_pack row error now today md5 sha256 hash format printf`.split(/\s+/),
);

const WINDOW_ONLY = ['row_number', 'rank', 'dense_rank', 'rank_dense', 'percent_rank', 'cume_dist', 'ntile', 'lead', 'lag', 'first_value', 'last_value', 'nth_value', 'fill'];
const MAKES_ROWS = ['unnest', 'unlist'];
/** Functions by one name and of several kinds are harmless where the harmless kind is meant: the engine tells by the place. */
const ORDER: readonly FunctionKind[] = ['table', 'aggregate', 'scalar'];
const KIND_OF: Readonly<Record<string, FunctionKind>> = { scalar: 'scalar', aggregate: 'aggregate', table: 'table', table_macro: 'table', pragma: 'table' };

/** The engine's own list. A macro is what the functions in it are. */
export async function readFunctions(session: Session): Promise<Functions> {
  const rows = await session.rows('SELECT DISTINCT function_name, function_type, macro_definition FROM duckdb_functions()');
  const found = new Map<string, FunctionKind>();
  const macros = new Map<string, string>();
  for (const [name, type, definition] of rows.map((row) => row.map(String))) {
    if (name === undefined || type === undefined) continue;
    const kind = KIND_OF[type];
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
  return found;
}
