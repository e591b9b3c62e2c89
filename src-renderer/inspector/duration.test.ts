import { expect, it } from 'vitest';
import { assert, constantFrom, nat, property } from 'fast-check';
import { readDuration, writeDuration } from './duration.ts';

it.each([
  ['90', 90_000],
  ['90 s', 90_000],
  ['90s', 90_000],
  ['1.5 h', 5_400_000],
  ['1,5 min', 90_000],
  ['250 ms', 250],
  ['1 min 30 s', 90_000],
  ['1h5m', 3_900_000],
  ['2 Days', 172_800_000],
  ['5 分钟', 300_000],
  ['1小时30分', 5_400_000],
  ['500毫秒', 500],
  ['0', 0],
  ['  ', null],
  ['soon', undefined],
  ['-5 s', undefined],
  ['5 parsecs', undefined],
  ['1 min 30', undefined],
  ['30 1 min', undefined],
  ['5 s!', undefined],
  ['constructor', undefined],
  ['5 constructor', undefined],
  ['999999999999 d', undefined],
])('reads “%s” as %s', (text, ms) => expect(readDuration(text)).toBe(ms));

it.each([
  [0, '0 s'],
  [250, '250 ms'],
  [1500, '1.5 s'],
  [90_500, '1 min 30.5 s'],
  [60_250, '1 min 250 ms'],
  [7_200_000, '2 h'],
])('writes %s as “%s”', (ms, text) => expect(writeDuration(ms, 'en')).toBe(text));

it('reads back what it writes, in both languages', () => {
  assert(
    property(nat(2 ** 31 - 1), constantFrom('en', 'zh'), (ms, language) => {
      expect(readDuration(writeDuration(ms, language))).toBe(ms);
    }),
  );
});
