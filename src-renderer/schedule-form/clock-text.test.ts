import { expect, it } from 'vitest';
import { readTime, writeTime } from './clock-text.ts';

it.each([
  ['8', '08:00'],
  ['8:30', '08:30'],
  ['08.30', '08:30'],
  ['0830', '08:30'],
  ['23：59', '23:59'],
  [' 00:00 ', '00:00'],
])('reads “%s” as %s', (text, time) => {
  const read = readTime(text);
  expect(read === null || read === undefined ? read : writeTime(read)).toBe(time);
});
it.each(['24:00', '8:60', '8:3', 'noon', '-1', '123456'])('“%s” is no time', (text) => expect(readTime(text)).toBeUndefined());
it('takes nothing for nothing', () => expect(readTime('  ')).toBeNull());
