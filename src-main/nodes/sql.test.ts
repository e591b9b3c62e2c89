import { expect, test } from 'vitest';
import { column, ident, literal, nearest, text, typeName } from './sql.ts';

test('names and texts stay one name and one text', () => {
  expect(ident('a"; DROP TABLE x; --')).toBe('"a""; DROP TABLE x; --"');
  expect(text("it's")).toBe("'it''s'");
  expect([literal(null), literal(true), literal(-1.5), literal(Number.NaN), literal(9n)]).toEqual(['NULL', 'TRUE', '-1.5', "CAST('NaN' AS DOUBLE)", '9']);
});

test('the nearest name is one that is near', () => {
  expect(nearest('amuont', ['id', 'amount', 'note'])).toBe('amount');
  expect(nearest('zzz', ['id', 'amount'])).toBeUndefined();
});

test('columns are found as SQL finds them, and missed with a suggestion', () => {
  const columns = [{ name: 'Name', type: 'VARCHAR' }, { name: 'name2', type: 'VARCHAR' }];
  expect(column(columns, 'NAME', 'f').name).toBe('Name');
  expect(() => column(columns, 'nmae', 'f')).toThrow(expect.objectContaining({ place: 'f', remedy: expect.stringContaining('“Name”') }));
});

test.each(['BIGINT', 'decimal(18, 2)', 'VARCHAR[]', 'TIMESTAMP WITH TIME ZONE', 'double'])('%s is the name of a type', (type) => {
  expect(typeName(type, 'f')).toBe(type.toUpperCase());
});
test.each(['', 'INT)', 'INT; DROP', "ENUM('a')", '1'])('%s is not', (type) => {
  expect(() => typeName(type, 'f')).toThrow(expect.objectContaining({ place: 'f' }));
});
