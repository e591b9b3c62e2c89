import { StudioError } from '#shared/errors';
import { nearest } from '#shared/workflow/nearest';
import type { SqlParameter } from './driver.ts';
import { isBlank, pieces, SQL_DIALECTS } from './lexer.ts';
import type { SqlDialect } from './lexer.ts';
import { valueOf } from './parameter-values.ts';
import type { SqlValue } from './parameter-values.ts';

/** A query as its database takes it: placeholders where the parameters stood, and their values in the order of the placeholders. */
export interface BoundQuery {
  readonly text: string;
  /** One for each placeholder: a name that stands twice in the query has two. */
  readonly values: readonly BoundValue[];
}
export interface BoundValue {
  readonly name: string;
  readonly type: SqlParameter['type'];
  readonly value: SqlValue;
}

const refused = (field: string, message: string, remedy: string): StudioError => new StudioError('node_failed', message, { place: field, remedy });
const listed = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ');

/** The text without what ends it, and its parameters' names where they stand. Throws node_failed for what is not one statement. */
function taken(query: string, dialect: SqlDialect): { readonly parts: readonly string[]; readonly names: readonly string[] } {
  const parts: string[] = [''];
  const names: string[] = [];
  let ended = false;
  for (const piece of pieces(query, dialect)) {
    if (ended && piece.kind !== 'end' && (piece.kind !== 'text' || !isBlank(piece.text, dialect))) throw refused('query', 'The query has more than one statement.', 'Write one statement that gives rows.');
    if (piece.kind === 'placeholder') throw refused('query', `The query holds a placeholder of the database’s own: ${piece.text}.`, 'Write a parameter as :name, and give it a value under “Parameters”.');
    if (piece.kind === 'end') ended = true;
    else if (piece.kind === 'parameter') {
      names.push(piece.name);
      parts.push('');
    } else if (!ended) parts[parts.length - 1] += piece.text;
  }
  if (names.length === 0 && isBlank(parts.join(''), dialect)) throw refused('query', 'There is no query.', 'Write one statement that gives rows.');
  return { parts, names };
}

function byName(params: readonly SqlParameter[]): ReadonlyMap<string, { readonly param: SqlParameter; readonly field: string }> {
  const found = new Map<string, { readonly param: SqlParameter; readonly field: string }>();
  params.forEach((param, index) => {
    const field = `params[${index}].name`;
    if (!/^[A-Za-z_]\w*$/.test(param.name)) throw refused(field, `“${param.name}” can’t be the name of a parameter.`, 'Use letters, digits and _, starting with a letter.');
    if (found.has(param.name)) throw refused(field, `The parameter “${param.name}” is given twice.`, 'Take one of them away.');
    found.set(param.name, { param, field: `params[${index}].value` });
  });
  return found;
}

/**
 * The query with placeholders for its parameters. `placeholder` writes the one at the position (from 1) for that value. Throws
 * node_failed with the field: a parameter without a value, one that the query does not use, a value that is not of its type, a second statement.
 */
export function bound(query: string, params: readonly SqlParameter[], dialect: SqlDialect, placeholder: (position: number, type: SqlParameter['type'], value: SqlValue, name: string) => string): BoundQuery {
  const { parts, names } = taken(query, dialect);
  const given = byName(params);
  const missing = [...new Set(names.filter((name) => !given.has(name)))];
  if (missing.length > 0) {
    const near = missing.length === 1 ? nearest(missing[0] ?? '', given.keys()) : null;
    throw refused('params', `The query uses ${missing.length === 1 ? 'a parameter that has' : 'parameters that have'} no value: ${listed(missing)}.`, near === null ? 'Add it under “Parameters”.' : `Did you mean “${near}”?`);
  }
  const unused = [...given.keys()].filter((name) => !names.includes(name));
  if (unused.length > 0) throw refused('params', `The query does not use ${unused.length === 1 ? 'the parameter' : 'the parameters'} ${listed(unused)}.`, `Write :${unused[0]} where its value belongs, outside of quotes, or take it away.`);
  const values = names.map((name): BoundValue => {
    const { param, field } = given.get(name) ?? { param: { name, type: 'auto', value: null }, field: 'params' };
    return { name, type: param.type, value: valueOf(param, field) };
  });
  const text = parts.map((part, index) => {
    const one = values[index - 1];
    return one === undefined ? part : `${placeholder(index, one.type, one.value, one.name)}${part}`;
  });
  return { text: text.join('').trim(), values };
}

/** What can be said of a query before its database is known: what is wrong in every one of the dialects. */
export function queryProblems(query: string, params: readonly SqlParameter[]): readonly { readonly field: string; readonly message: string; readonly remedy?: string }[] {
  const found = SQL_DIALECTS.map((dialect) => {
    try {
      bound(query, params, dialect, () => '?');
      return null;
    } catch (thrown) {
      return thrown as StudioError;
    }
  });
  const first = found[0];
  if (first === null || first === undefined || found.some((one) => one?.message !== first.message)) return [];
  return [{ field: first.place ?? 'query', message: first.message, ...(first.remedy === undefined ? {} : { remedy: first.remedy }) }];
}
