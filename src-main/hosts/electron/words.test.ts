import { describe, expect, it } from 'vitest';
import { clockTime, relativeTime, timeSince, WORDS } from './words.ts';

const now = Date.UTC(2026, 10, 25, 12);
const minutes = (count: number): number => now + count * 60_000;

describe('times of the tray', () => {
  it.each([
    [0.5, 'in less than a minute', '不到 1 分钟后'],
    [-0.5, 'less than a minute ago', '不到 1 分钟前'],
    [1, 'in 1 minute', '1分钟后'],
    [59, 'in 59 minutes', '59分钟后'],
    [59.8, 'in 1 hour', '1小时后'],
    [-180, '3 hours ago', '3小时前'],
    [60 * 48, 'in 2 days', '2天后'],
  ])('%d minutes from now is %s, %s', (away, en, zh) => {
    expect(relativeTime(minutes(away), now, 'en')).toBe(en);
    expect(relativeTime(minutes(away), now, 'zh')).toBe(zh);
  });

  it('says how long something has gone on', () => {
    expect(timeSince(minutes(-5), now, 'en')).toBe('5 minutes');
    expect(timeSince(minutes(-5), now, 'zh')).toBe('5分钟');
    expect(timeSince(minutes(1), now, 'en')).toBe('less than a minute');
  });

  it('names the day of another day', () => {
    expect(clockTime(minutes(60), now, 'en', 'UTC')).toBe('13:00');
    expect(clockTime(minutes(60 * 20), now, 'en', 'UTC')).toMatch(/^Thu.*26 Nov.*08:00$/);
    expect(clockTime(minutes(60 * 20), now, 'zh', 'UTC')).toMatch(/11月26日.*08:00/);
    expect(clockTime(minutes(60 * 11.5), now, 'en', 'Europe/Zurich')).toMatch(/26 Nov/);
  });
});

it('has every word in both languages', () => {
  for (const { en, zh } of Object.values(WORDS)) {
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(zh).toMatch(/\p{Script=Han}/u);
  }
});
