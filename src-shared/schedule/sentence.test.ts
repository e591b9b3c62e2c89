import { expect, test } from 'vitest';
import { previewTimes } from './preview.ts';
import { ScheduleDefinition } from './schedule.ts';
import { describeSchedule } from './sentence.ts';

const both = (times: object, policy: object = {}): readonly [string, string] => {
  const definition = ScheduleDefinition.parse({ times, policy });
  return [describeSchedule(definition, 'en'), describeSchedule(definition, 'zh')];
};

test.each([
  ['0 8 * * 1-5', 'Every weekday at 08:00', '每周一至周五 08:00'],
  ['*/15 * * * *', 'Every 15 minutes', '每 15 分钟'],
  ['@hourly', 'Every hour', '每小时'],
  ['5 * * * *', 'At minute 5 of every hour', '每小时的第 5 分'],
  ['*/7 * * * *', 'At every 7th minute from 0 to 56 of every hour', '每小时的第 0 分至 56 分（间隔 7）'],
  ['30 23 L * *', 'On the last day of every month at 23:30', '每月最后一天 23:30'],
  ['0 0 LW * *', 'On the last weekday of every month at 00:00', '每月最后一个工作日 00:00'],
  ['0 0 15W * *', 'On the weekday nearest to the 15th of every month at 00:00', '每月最接近 15 日的工作日 00:00'],
  ['0 0 13 * FRI', 'On the 13th of every month, and also every Friday, at 00:00', '每月 13 日，以及每周五，00:00'],
  ['0 0 * * FRI#2', 'On the second Friday of every month at 00:00', '每月第二个周五 00:00'],
  ['0 0 * * FRIL,MON', 'Every Monday, and on the last Friday of every month, at 00:00', '每周一，以及每月最后一个周五，00:00'],
  ['0 9-17/2 * * *', 'Every 2 hours from 09:00 to 17:00', '09:00 至 17:00 每 2 小时'],
  ['*/5 8-18 * * 1,3', 'Every 5 minutes from 08:00 to 18:55, every Monday and Wednesday', '每周一、周三 08:00 至 18:55 每 5 分钟'],
  ['0 0 1 1 *', 'On the 1st of January at 00:00', '每年 1 月 1 日 00:00'],
  ['0 12 */2 6-8 *', 'On every 2nd day from the 1st to the 31st of June to August at 12:00', '每年 6 月至 8 月的 1 日至 31 日（间隔 2） 12:00'],
  ['30 0,12 8,17 * * SAT,SUN', 'Every Saturday and Sunday at 08:00:30, 08:12:30, 17:00:30 and 17:12:30', '每周六、周日 08:00:30、08:12:30、17:00:30、17:12:30'],
  ['7,11,40 8-12 * 3 *', 'At minutes 7, 11 and 40 of hours 8 to 12, every day in March', '每年 3 月的每天 第 8 时至 12 时的第 7 分、11 分、40 分'],
  ['0 0 1 */3 *', 'On the 1st of every 3rd month from January to October at 00:00', '每年 1 月至 10 月（间隔 3）的 1 日 00:00'],
  ['0 0 8,20 * * 1-5/2', 'Every Monday, Wednesday and Friday, at 08:00 and 20:00', '每周一、周三、周五 08:00、20:00'],
  ['5 * * * * *', 'At second 5 of every minute', '每分钟的第 5 秒'],
  ['* * * * * *', 'Every second', '每秒'],
  ['0 0 13 * 0-6', 'Every day at 00:00', '每天 00:00'],
])('%s', (expression, en, zh) => {
  expect(both({ kind: 'cron', expression, timeZone: 'Europe/Zurich' })).toEqual([`${en} (Europe/Zurich)`, `${zh}（Europe/Zurich）`]);
});

const and = (expression: string) => both({ kind: 'cron', expression, timeZone: 'UTC', days: 'and' });

test('days of the month AND of the week', () => {
  expect(and('0 0 13 * FRI')).toEqual(['On the 13th of every month if it is a Friday, at 00:00 (UTC)', '每月 13 日且当天为周五 00:00（UTC）']);
  expect(and('0 0 1-7 * 1-3,FRI#1')).toEqual(['On the 1st to the 7th of every month if it is a Monday, a Tuesday, a Wednesday or the first Friday, at 00:00 (UTC)', '每月 1 日至 7 日且当天为周一至周三或当月第一个周五 00:00（UTC）']);
});

test.each<[object, string, string]>([
  [{ kind: 'manual' }, 'Only when you start it', '仅手动运行'],
  [{ kind: 'once', at: Date.UTC(2026, 0, 31, 7), timeZone: 'Europe/Zurich' }, 'Once, on 2026-01-31 at 08:00 (Europe/Zurich)', '仅一次：2026-01-31 08:00（Europe/Zurich）'],
  [{ kind: 'once', at: Date.UTC(2026, 0, 31, 7, 0, 5) }, 'Once, on 2026-01-31 at 07:00:05 (UTC)', '仅一次：2026-01-31 07:00:05（UTC）'],
  [{ kind: 'interval', every: '15m', timeZone: 'UTC' }, 'Every 15 minutes', '每 15 分钟'],
  [{ kind: 'interval', every: '90m', phase: '15m', timeZone: 'UTC' }, 'Every 90 minutes, counted from 00:15 UTC', '每 90 分钟，从 UTC 00:15 起计'],
  [{ kind: 'interval', every: '7m', phase: '1m', timeZone: 'UTC' }, 'Every 7 minutes, counted from 1970-01-01 00:01 UTC', '每 7 分钟，从 UTC 1970-01-01 00:01 起计'],
  [{ kind: 'interval', every: '1d', phase: '9h', timeZone: 'UTC' }, 'Every 24 hours at 09:00 UTC', '每 24 小时，UTC 09:00'],
  [{ kind: 'interval', every: '2d', phase: '33h', timeZone: 'UTC' }, 'Every 2 days, counted from 1970-01-02 09:00 UTC', '每 2 天，从 UTC 1970-01-02 09:00 起计'],
  [{ kind: 'delay', every: '30m', timeZone: 'UTC' }, '30 minutes after the previous run ended', '上次运行结束后 30 分钟'],
  [{ kind: 'watch', path: 'inbox', glob: '*.csv', timeZone: 'UTC' }, 'When a file matching *.csv in inbox is added or changed and has been quiet for 2 s', 'inbox 中匹配 *.csv 的文件新增或修改，并静止 2 秒后'],
  [{ kind: 'watch', path: 'a.csv', events: ['removed'], settleMs: 150, timeZone: 'UTC' }, 'When a.csv, or a file in it, is removed and has been quiet for 150 ms', 'a.csv（或其中的文件）删除，并静止 150 毫秒后'],
])('%o', (times, en, zh) => {
  expect(both(times)).toEqual([en, zh]);
});

test('what limits and delays it follows after semicolons', () => {
  const times = { kind: 'delay', every: '1h', timeZone: 'Asia/Shanghai', startAt: Date.UTC(2026, 0, 1), endAt: Date.UTC(2026, 1, 1) };
  expect(both(times, { jitterSeconds: 120, remainingRuns: 3 })).toEqual([
    '1 hour after the previous run ended; from 2026-01-01 08:00 on; until 2026-02-01 08:00; up to 2 minutes later; 3 runs at most',
    '上次运行结束后 1 小时；自 2026-01-01 08:00 起；至 2026-02-01 08:00 止；最多推迟 2 分钟；最多运行 3 次',
  ]);
});

test('the preview of one instant is shown in its zone', () => {
  const at = Date.UTC(2026, 2, 29, 1);
  expect(previewTimes({ kind: 'once', at, timeZone: 'Europe/Zurich' }, at, 10)).toEqual([{ at, nominalLocal: '2026-03-29T03:00:00', localTime: '2026-03-29T03:00:00+02:00', dst: null, clockChange: 'forward' }]);
  expect(previewTimes({ kind: 'once', at }, at, 10)).toMatchObject([{ localTime: '2026-03-29T01:00:00+00:00', clockChange: null }]);
  expect(previewTimes({ kind: 'once', at }, at + 1, 10)).toEqual([]);
});
