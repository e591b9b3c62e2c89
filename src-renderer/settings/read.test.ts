import { describe, expect, it } from 'vitest';
import { readFolder, readWhole } from './read.ts';

describe('readWhole', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['64', 64],
    [' 512 ', 512],
    ['63', undefined],
    ['1e3', undefined],
    ['12.5', undefined],
    ['-70', undefined],
    ['a lot', undefined],
  ])('"%s" is %s', (text, value) => expect(readWhole(text, 64, 1_000_000)).toBe(value));
});

describe('readFolder', () => {
  it.each(['/home/ana/workflows', 'C:\\Users\\Ana', 'D:/data', '\\\\server\\share'])('takes %s', (path) => expect(readFolder(path)).toBe(path));
  it.each(['', 'workflows', './here', '~'])('refuses "%s"', (path) => expect(readFolder(path)).toBeUndefined());
});
