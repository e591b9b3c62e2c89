import { describe, expect, it } from 'vitest';
import { makeFormat } from './format.ts';

const en = makeFormat('en', 'UTC');
const zh = makeFormat('zh', 'UTC');

describe('durations', () => {
  it.each([
    [0.25, '0.25 ms'],
    [4.2, '4.2 ms'],
    [23, '23 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1240, '1.24 s'],
    [33_100, '33.1 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms are %s', (ms, text) => expect(en.duration(ms)).toBe(text));
  it('are said in Chinese', () => expect(zh.duration(200_000)).toBe('3 分 20 秒'));
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [400 * 1024 ** 2, '400 MB'],
    [5.25 * 1024 ** 3, '5.3 GB'],
  ])('%d are %s', (bytes, text) => expect(en.bytes(bytes)).toBe(text));
});

describe('numbers, plurals and dates', () => {
  const at = Date.UTC(2026, 2, 9, 14, 5, 31, 123);
  it('groups digits and shortens millions with a capital M', () => {
    expect(en.number(12_345_678)).toBe('12,345,678');
    expect(en.compact(12_345_678)).toBe('12.3M');
    expect(zh.compact(12_345_678)).toBe('1234.6万');
  });
  it('chooses the word for a number', () => {
    expect(en.plural(1, { one: 'row', other: 'rows' })).toBe('row');
    expect(en.plural(0, { one: 'row', other: 'rows' })).toBe('rows');
    expect(zh.plural(1, { one: 'x', other: '行' })).toBe('行');
  });
  it('shows thousandths where asked', () => {
    expect(en.time(at)).toBe('14:05:31');
    expect(en.time(at, true)).toBe('14:05:31.123');
  });
  it('tells how long ago, and the date after a week', () => {
    expect(en.ago(at, at + 5000)).toBe('now');
    expect(en.ago(at, at + 3 * 60_000)).toMatch(/^3 min/);
    expect(en.ago(at, at + 26 * 3_600_000)).toBe('yesterday');
    expect(en.ago(at, at + 9 * 86_400_000)).toBe('9 Mar 2026');
  });
  it('tells how long until, and the date beyond a week', () => {
    expect(en.until(at, at)).toBe('now');
    expect(en.until(at, at + 5000)).toBe('now');
    expect(en.until(at + 30_000, at)).toMatch(/^in 30 sec/);
    expect(en.until(at + 3 * 60_000, at)).toMatch(/^in 3 min/);
    expect(zh.until(at + 3 * 60_000, at)).toContain('3分钟后');
    expect(en.until(at + 26 * 3_600_000, at)).toBe('tomorrow');
    expect(en.until(at + 9 * 86_400_000, at)).toBe('18 Mar 2026');
  });
  it('does not speak of the future when clocks differ', () => expect(en.ago(at + 60_000, at)).toBe('now'));
});
