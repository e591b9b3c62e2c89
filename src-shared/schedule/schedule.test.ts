import { expect, test } from 'vitest';
import { cronMistake, cronMistakeText } from './cron-expression.ts';
import { occurrences } from './occurrences.ts';
import { SchedulePolicy, TimedSpec, spanMs } from './schedule.ts';
import { clockChangeOn, localText } from './zone.ts';

test.each([
  ['0 25 * * *', 'hour', 3, '25'],
  ['60 * * * *', 'minute', 1, '60'],
  ['61 0 0 * * *', 'second', 1, '61'],
  ['0 0 1,32 * *', 'day', 7, '32'],
  ['0  0 * 13 *', 'month', 8, '13'],
  ['0 0 * * MON-FRY', 'weekday', 13, 'FRY'],
  ['0 0 * * FRI#6', 'weekday', 13, '6'],
  ['*/0 * * * *', 'minute', 3, '0'],
  ['5/15 * * * *', 'minute', 1, '5/15'],
  ['30-10 * * * *', 'minute', 1, '30-10'],
  ['1- * * * *', 'minute', 3, ''],
  ['1,,2 * * * *', 'minute', 3, ''],
  ['0 0 LW,15 * *', 'day', 5, 'LW,15'],
  ['0 0 * * +FRI', 'weekday', 9, '+FRI'],
  ['10:30 * * * *', 'minute', 1, '10:30'],
  ['2026-01-01T10:30:00', 'minute', 1, '2026'],
  ['0 0 * *', 'expression', 8, ''],
  ['', 'expression', 1, ''],
  ['* * * * * * 2026', 'expression', 13, '2026'],
  ['@fortnightly', 'expression', 1, '@fortnightly'],
  ['@daily *', 'expression', 8, '*'],
  ['@reboot', 'expression', 1, '@reboot'],
])('"%s" is broken in its %s at %i', (expression, field, position, found) => {
  expect(cronMistake(expression)).toEqual({ field, position, found });
  expect(() => occurrences({ kind: 'cron', expression, timeZone: 'UTC', days: 'or', gap: 'skip', repeat: 'first' }, 0, 1, 1)).toThrow(expect.objectContaining({ code: 'invalid_input', place: 'expression', message: expect.stringContaining(`character ${position}`), remedy: expect.stringContaining('Allowed') }));
  expect(TimedSpec.safeParse({ kind: 'cron', expression, timeZone: 'UTC' }).error?.issues[0]?.path).toEqual(['expression']);
});

test.each(['* * * * *', ' 0 0  1 1 * ', '0 0 ? * MON-FRI/2', '0 0 L * *', '0 0 LW * *', '0 0 1,15W * *', '*/5 8-18/2 * JAN-MAR 1,3', '@Hourly', '0 0 * * 7'])('"%s" is sound', (expression) => {
  expect(cronMistake(expression)).toBeNull();
});

test('a mistake is told in both languages', () => {
  const mistake = cronMistake('0 25 * * *');
  if (mistake === null) throw new Error('It was not seen.');
  expect(cronMistakeText(mistake, 'en')).toEqual({ message: 'The hour is broken at character 3: “25” is not allowed.', remedy: 'Allowed: 0 to 23; * for all; lists 1,3; ranges from low to high 1-5; steps */2 or 1-5/2.' });
  expect(cronMistakeText(mistake, 'zh').message).toBe('小时字段第 3 个字符有误：不允许“25”。');
});

test('defaults are those of the design', () => {
  expect(TimedSpec.parse({ kind: 'cron', expression: '@daily', timeZone: 'Europe/Zurich' })).toEqual({ kind: 'cron', expression: '@daily', timeZone: 'Europe/Zurich', days: 'or', gap: 'nextValid', repeat: 'first' });
  expect(SchedulePolicy.parse({})).toMatchObject({ overlap: 'skip', misfire: 'last', graceSeconds: 60, catchupWindow: '24h', jitterSeconds: 0, pauseOnFailure: false });
  expect(SchedulePolicy.safeParse({ catchupWindow: '9s' }).success).toBe(false);
  expect(SchedulePolicy.safeParse({ catchupWindow: '366d' }).success).toBe(false);
});

test('a zone is stored, known, and never a bare offset', () => {
  for (const timeZone of ['Mars/Olympus', '+02:00', '', undefined]) expect(TimedSpec.safeParse({ kind: 'cron', expression: '@daily', timeZone }).success).toBe(false);
  expect(() => occurrences({ kind: 'interval', every: '1h', phase: '0s', timeZone: 'Europe/Zurick' }, 0, 1e9, 1)).toThrow(expect.objectContaining({ code: 'invalid_input', remedy: 'Did you mean "Europe/Zurich"?' }));
});

test('spans are numbers with a unit', () => {
  expect(['30s', '15m', '1h', '1d'].map(spanMs)).toEqual([30_000, 900_000, 3_600_000, 86_400_000]);
  expect(['', '5', '1.5h', '-1s', '1w', '1 h'].map(spanMs)).toEqual([null, null, null, null, null, null]);
  expect(TimedSpec.safeParse({ kind: 'interval', every: '0s', timeZone: 'UTC' }).success).toBe(false);
});

const on = (zone: string, at: string): string | null => clockChangeOn(zone, Date.parse(at));

test('the day on which a clock changes is known, at midnight too', () => {
  expect(on('Europe/Zurich', '2023-10-28T22:00Z')).toBe('back');
  expect(on('Europe/Zurich', '2023-10-29T22:59Z')).toBe('back');
  expect(on('Europe/Zurich', '2023-10-29T23:00Z')).toBeNull();
  expect(on('Asia/Beirut', '2022-03-26T22:00Z')).toBe('forward');
  expect(on('America/Asuncion', '2023-03-25T12:00Z')).toBe('back');
  expect(localText('America/St_Johns', Date.parse('2023-07-01T00:00Z'))).toBe('2023-06-30T21:30:00-02:30');
});
