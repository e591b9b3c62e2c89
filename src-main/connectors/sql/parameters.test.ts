import { expect, test } from 'vitest';
import type { Json } from '#shared/json';
import type { SqlParameter } from './driver.ts';
import type { SqlDialect } from './lexer.ts';
import { bound, queryProblems } from './parameters.ts';
import { tableParts } from './table-name.ts';

const param = (name: string, value: Json = 'v', type: SqlParameter['type'] = 'auto'): SqlParameter => ({ name, value, type });
const text = (query: string, dialect: SqlDialect, ...names: readonly string[]): string => bound(query, names.map((name) => param(name)), dialect, (position) => `<${position}>`).text;

test.each<[SqlDialect, string, string]>([
  ['postgresql', "SELECT :a, ':no', \"c:no\", E'\\':no', x::text, $$ :no $$, $t$ :no $t$ -- :no\n, :a /* :no /* :no */ :no */", "SELECT <1>, ':no', \"c:no\", E'\\':no', x::text, $$ :no $$, $t$ :no $t$ -- :no\n, <2> /* :no /* :no */ :no */"],
  ['postgresql', "SELECT '\\', :a, list[1:n], a=:a; -- end", "SELECT '\\', <1>, list[1:n], a=<2>"],
  ['postgresql', "SELECT a ? 'k', b ?| c, U&'d\\0061:no', :a", "SELECT a ? 'k', b ?| c, U&'d\\0061:no', <1>"],
  ['mysql', "SELECT '\\':no', \"\\\":no\", `:no`, @x := 1, :a # :no\n -- :no\n, 5--:a", "SELECT '\\':no', \"\\\":no\", `:no`, @x := 1, <1> # :no\n -- :no\n, 5--<2>"],
  ['mysql', "SELECT '?', `?`, :a /* ? */", "SELECT '?', `?`, <1> /* ? */"],
  ['sqlite', "SELECT [a:no], `b:no`, 'c'':no', :a -- :no", "SELECT [a:no], `b:no`, 'c'':no', <1> -- :no"],
  ['sqlite', "SELECT '\\', :a ;; /* :no", "SELECT '\\', <1>"],
  ['duckdb', "SELECT {'k':no}, x[1:2], :a::INT, list_transform(l, y -> y + :a)", "SELECT {'k':no}, x[1:2], <1>::INT, list_transform(l, y -> y + <2>)"],
])('%s: parameters in %j', (dialect, query, expected) => {
  expect(text(query, dialect, 'a')).toBe(expected);
});

test.each<[SqlDialect, string]>([['postgresql', 'SELECT $1'], ['mysql', 'SELECT ?'], ['sqlite', 'SELECT @x'], ['sqlite', 'SELECT $x'], ['sqlite', 'SELECT ?2'], ['duckdb', 'SELECT $x'], ['duckdb', 'SELECT ?']])('%s: a placeholder of its own is refused: %s', (dialect, query) => {
  expect(() => text(query, dialect)).toThrow(expect.objectContaining({ place: 'query', message: expect.stringContaining('placeholder') }));
});

test('a second statement and no statement are refused', () => {
  for (const dialect of ['postgresql', 'mysql', 'sqlite', 'duckdb'] as const) {
    for (const query of ['SELECT 1; SELECT 2', "SELECT ';'; DROP TABLE x;", 'SELECT 1;\n-- c\nCOMMIT']) expect(() => text(query, dialect), query).toThrow('more than one statement');
    for (const query of ['', ' ; ', '-- nothing', '/* nothing */']) expect(() => text(query, dialect), query).toThrow('There is no query');
  }
});

test.each<[SqlParameter['type'], Json, unknown]>([
  ['auto', 5, 5n], ['auto', 1.5, 1.5], ['auto', 'x', 'x'], ['auto', true, true], ['auto', null, null], ['auto', { a: 1 }, '{"a":1}'],
  ['text', 5, '5'], ['integer', '9223372036854775807', 9_223_372_036_854_775_807n], ['integer', '-9223372036854775808', -9_223_372_036_854_775_808n], ['integer', ' +7 ', 7n],
  ['decimal', '12345678901234567890.12', '12345678901234567890.12'], ['double', '1e3', 1000], ['double', '-Infinity', Number.NEGATIVE_INFINITY], ['boolean', 'TRUE', true],
  ['date', '2026-02-28', '2026-02-28'], ['timestamp', '2026-02-28T10:00:00.5+02:00', '2026-02-28T10:00:00.5+02:00'], ['timestamp', '2026-02-28', '2026-02-28'], ['json', '{"a":1}', '{"a":1}'], ['json', [1], '[1]'],
])('%s makes of %j', (type, value, expected) => {
  expect(bound('SELECT :p', [param('p', value, type)], 'postgresql', () => '?').values).toEqual([{ name: 'p', type, value: expected }]);
});

test.each<[SqlParameter['type'], Json]>([
  ['integer', '1.5'], ['integer', '9223372036854775808'], ['integer', ''], ['decimal', '1e5'], ['decimal', 'x'], ['double', 'one'], ['double', ''], ['boolean', 'yes'], ['date', '2026-13-01'], ['date', '01.02.2026'], ['timestamp', '2026-01-01 25:00'], ['json', '{a}'],
])('%s is not made of %j', (type, value) => {
  expect(() => bound('SELECT :p', [param('p', value, type)], 'duckdb', () => '?')).toThrow(expect.objectContaining({ code: 'node_failed', place: 'params[0].value' }));
});

test('what is wrong for every database is told before a run, and nothing else', () => {
  expect(queryProblems('SELECT :a', [])).toEqual([{ field: 'params', message: 'The query uses a parameter that has no value: “a”.', remedy: 'Add it under “Parameters”.' }]);
  expect(queryProblems('SELECT :limt', [param('limit')])).toMatchObject([{ remedy: 'Did you mean “limit”?' }]);
  expect(queryProblems('SELECT 1', [param('a')])).toMatchObject([{ field: 'params', message: 'The query does not use the parameter “a”.' }]);
  expect(queryProblems('SELECT :a', [param('a'), param('a')])).toMatchObject([{ field: 'params[1].name' }]);
  // MySQL's comment, and everybody else's operator.
  expect(queryProblems('SELECT 1 # :a', [])).toEqual([]);
  expect(queryProblems('SELECT :a', [param('a')])).toEqual([]);
});

test.each([
  ['orders', ['orders']], ['sales.orders', ['sales', 'orders']], ['a.b.c', ['a', 'b', 'c']], ['"a.b"."c""d"', ['a.b', 'c"d']], ['`a``b`.[c d]', ['a`b', 'c d']], [' my table ', ['my table']],
])('%j is a table', (table, parts) => {
  expect(tableParts(table)).toEqual(parts);
});

test.each(['', ' ', '.', 'a.', '.a', 'a..b', 'a.b.c.d', '"a', '"a"b', 'a\0b'])('%j is no table', (table) => {
  expect(() => tableParts(table)).toThrow(expect.objectContaining({ code: 'node_failed', place: 'table' }));
});
