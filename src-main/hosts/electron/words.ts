import type { Text } from '#shared/node-spec';
import type { MenuLanguage } from './menu-template.ts';

const say = (en: string, zh: string): Text => ({ en, zh });

/** What the tray and the notifications say. */
export const WORDS = {
  next: say('Next:', '下次：'),
  nothingNext: say('No run is scheduled', '没有已计划的运行'),
  allPaused: say('All schedules are paused', '所有计划均已暂停'),
  runningNow: say('Running now', '正在运行'),
  nothingRunning: say('Nothing is running', '没有正在运行的任务'),
  recentFailures: say('Recent failures', '最近失败'),
  pauseAll: say('Pause all schedules', '暂停所有计划'),
  resumeAll: say('Resume all schedules', '恢复所有计划'),
  pausedHere: say('Paused from the tray.', '通过托盘暂停。'),
  open: say('Open Millrace', '打开 Millrace'),
  quit: say('Quit', '退出'),
  now: say('now', '现在'),
  soon: say('in less than a minute', '不到 1 分钟后'),
  justNow: say('less than a minute ago', '不到 1 分钟前'),
  aMoment: say('less than a minute', '不到 1 分钟'),
  noTrayTitle: say('This desktop has no tray', '此桌面没有系统托盘'),
  noTray: say(
    'Closing the window therefore ends Millrace, and its schedules with it. To keep them going, leave the window open, or run `millrace scheduler`.',
    '因此关闭窗口会退出 Millrace，其计划也会停止。如需继续运行计划，请保持窗口打开，或运行 `millrace scheduler`。',
  ),
} as const;

export const more = (count: number, language: MenuLanguage): string => (language === 'zh' ? `另外 ${count} 个…` : `${count} more…`);

const LOCALES: Readonly<Record<MenuLanguage, string>> = { en: 'en-GB', zh: 'zh-CN' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function inUnits(ms: number): readonly [count: number, unit: 'minute' | 'hour' | 'day'] {
  if (ms < 59.5 * MINUTE) return [Math.round(ms / MINUTE), 'minute'];
  return ms < 36 * HOUR ? [Math.round(ms / HOUR), 'hour'] : [Math.round(ms / DAY), 'day'];
}

/** `in 5 minutes`, `2 hours ago`; under a minute in words. */
export function relativeTime(at: number, now: number, language: MenuLanguage): string {
  const ms = Math.abs(at - now);
  if (ms < MINUTE) return (at > now ? WORDS.soon : WORDS.justNow)[language];
  const [count, unit] = inUnits(ms);
  return new Intl.RelativeTimeFormat(LOCALES[language], { numeric: 'always' }).format(at > now ? count : -count, unit);
}

/** `5 minutes`: how long something has gone on. */
export function timeSince(at: number, now: number, language: MenuLanguage): string {
  const ms = Math.max(0, now - at);
  if (ms < MINUTE) return WORDS.aMoment[language];
  const [count, unit] = inUnits(ms);
  return new Intl.NumberFormat(LOCALES[language], { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/** `08:00`, or with its day when that is another one. On the clock of this machine; `timeZone` is for tests. */
export function clockTime(at: number, now: number, language: MenuLanguage, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'short', ...zone });
  const isToday = day.format(at) === day.format(now);
  return new Intl.DateTimeFormat(LOCALES[language], { ...(isToday ? {} : { weekday: 'short', day: 'numeric', month: 'short' }), hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone }).format(at);
}
