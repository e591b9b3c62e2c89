import { describe, expect, it } from 'vitest';
import { cellValue, readBlock, tableOf } from './rows.tsx';

describe('rows', () => {
  it('reads cells without losing digits or leading zeros', () => {
    expect(['1', '1.5', '007', '9007199254740993', 'true', '', 'a'].map(cellValue)).toEqual([1, 1.5, '007', '9007199254740993', true, null, 'a']);
  });
  it('reads a block of a spreadsheet', () => {
    expect(readBlock('a\tb\r\n1\t\r\n')).toEqual([['a', 'b'], ['1', '']]);
  });
  it('shows objects and bare values as a table, and leaves text alone', () => {
    expect(tableOf([{ a: 1 }, { b: 2 }])?.columns).toEqual(['a', 'b']);
    expect(tableOf([1, 'x'])).toMatchObject({ columns: ['value'], scalars: true });
    expect(tableOf('a,b\n1,2')).toBeNull();
    expect(tableOf([[1]])).toBeNull();
  });
});
