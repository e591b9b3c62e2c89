import { DuckDBListValue } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { Misfit } from './misfit.ts';

type Nested = string | null | readonly Nested[];

/** PostgreSQL's text of an array: `{1,NULL,"a,b",{…}}`, maybe with bounds before it. Elements are still texts. */
function parse(text: string): readonly Nested[] {
  const stack: Nested[][] = [];
  let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  for (;;) {
    const sign = text[at];
    if (sign === '{') {
      stack.push([]);
      at += 1;
    } else if (sign === '}') {
      const done = stack.pop() ?? [];
      const outer = stack.at(-1);
      if (outer === undefined) return done;
      outer.push(done);
      at += 1;
    } else if (sign === ',') at += 1;
    else if (sign === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      stack.at(-1)?.push(text.slice(at + 1, end).replaceAll(/\\([\s\S])/g, '$1'));
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '}') end += 1;
      const word = text.slice(at, end);
      stack.at(-1)?.push(word === 'NULL' ? null : word);
      at = end;
      if (end >= text.length) return stack[0] ?? [];
    }
  }
}

/** Lists within lists, as deep as the column is declared; what is of another depth has no type to go to. */
export function arrayOf(element: (text: string) => DuckDBValue, depth: number): (text: string) => DuckDBListValue {
  const level = (items: readonly Nested[], left: number): DuckDBListValue =>
    new DuckDBListValue(
      items.map((item) => {
        if (item === null) return null;
        if (typeof item === 'string' ? left !== 1 : left === 1) throw new Misfit(`the array has ${typeof item === 'string' ? 'fewer' : 'more'} dimensions than the column declares (${depth}).`, 'Read it as JSON: to_jsonb(…) in the query.');
        return typeof item === 'string' ? element(item) : level(item, left - 1);
      }),
    );
  return (text) => level(parse(text), depth);
}
