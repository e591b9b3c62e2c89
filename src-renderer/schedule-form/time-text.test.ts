import { expect, it } from 'vitest';
import { makeFormat } from '../i18n/format.ts';
import { clockOf } from './time-text.ts';

const at = Date.parse('2026-11-27T07:00:00Z');

it('says a time on the clock of its zone', () => {
  const clock = clockOf(makeFormat('en'), 'Asia/Tokyo');
  expect(`${clock.day(at, at)} ${clock.time(at)}`).toBe('Fri 27 Nov 16:00');
});
it('says seconds where there are some, and the year where it is another', () => {
  const clock = clockOf(makeFormat('en'), 'UTC');
  expect(clock.time(at + 5000)).toBe('07:00:05');
  expect(clock.day(at, at - 365 * 86_400_000)).toBe('Fri 27 Nov 2026');
});
it('speaks Chinese', () => expect(clockOf(makeFormat('zh'), 'Asia/Shanghai').day(at, at)).toBe('11月27日周五'));
