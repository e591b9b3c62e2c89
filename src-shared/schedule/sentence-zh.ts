import { assertNever } from '#shared/errors';
import type { CronClock, CronDays, Stride, Weekday } from '#shared/schedule/cron-meaning';
import { strides } from '#shared/schedule/cron-meaning';
import { clockText, inUnits, isRange } from '#shared/schedule/sentence-words';
import type { Unit, Words } from '#shared/schedule/sentence-words';

const UNIT: Readonly<Record<Unit, string>> = { day: '天', hour: '小时', minute: '分钟', second: '秒', millisecond: '毫秒' };
const counted = ([count, unit]: readonly [number, Unit]): string => `${count} ${UNIT[unit]}`;
const span = (ms: number): string => counted(inUnits(ms));
const every = (ms: number): string => {
  const [count, unit] = inUnits(ms);
  return count === 1 ? `每${UNIT[unit]}` : `每 ${count} ${UNIT[unit]}`;
};
const list = (parts: readonly string[]): string => parts.join('、');

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
const NTH = ['', '第一个', '第二个', '第三个', '第四个', '第五个', '最后一个'];
const weekday = (value: number): string => WEEKDAYS[value % 7] ?? '';

/** 5、5 至 7、1 至 31 每隔 2 取一 */
const stretch = (one: Stride, unit: string): string =>
  one.from === one.to ? `${one.from} ${unit}` : `${one.from} ${unit}至 ${one.to} ${unit}${isRange(one) ? '' : `（间隔 ${one.step}）`}`;
const stretches = (all: readonly Stride[], unit: string): string => list(all.map((one) => stretch(one, unit)));

const inMonths = (months: readonly Stride[] | null): string => (months === null ? '' : `每年 ${stretches(months, '月')}的`);
const ofMonths = (months: readonly Stride[] | null): string => (months === null ? '每月' : `每年 ${stretches(months, '月')}的`);
const isOne = (months: readonly Stride[] | null): boolean => months?.length === 1 && months[0]?.from === months[0]?.to;

function weekdayNames(days: readonly number[]): string {
  const monday = days.map((day) => (day === 0 ? 7 : day)).toSorted((a, b) => a - b);
  return list(strides(monday).flatMap((one) => (isRange(one) ? [`${weekday(one.from)}至${weekday(one.to)}`] : Array.from({ length: (one.to - one.from) / one.step + 1 }, (_, index) => weekday(one.from + index * one.step)))));
}

const each = (weekdays: readonly Weekday[]): readonly number[] => weekdays.filter(({ nth }) => nth === null).map(({ day }) => day);
const nths = (weekdays: readonly Weekday[]): readonly string[] => weekdays.flatMap(({ day, nth }) => (nth ?? []).map((one) => `${NTH[one]}${weekday(day)}`));

function onWeekdays(weekdays: readonly Weekday[], months: readonly Stride[] | null): string {
  const [plain, special] = [each(weekdays), nths(weekdays)];
  return [...(plain.length === 0 ? [] : [`${inMonths(months)}每${weekdayNames(plain)}`]), ...(special.length === 0 ? [] : [`${ofMonths(months)}${list(special)}`])].join('，以及');
}

const dateParts = ({ days, nearest, lastWeekday, last }: NonNullable<CronDays['dates']>): string =>
  list([...days.map((one) => stretch(one, '日')), ...nearest.map((day) => `最接近 ${day} 日的工作日`), ...(lastWeekday ? ['最后一个工作日'] : []), ...(last ? ['最后一天'] : [])]);

/** 每周一至周五、每月 1 日；一年中的每一天为空 */
function daysText({ dates, weekdays, both, months }: CronDays): string {
  if (dates === null) return weekdays === null ? (months === null ? '' : `${inMonths(months)}每天`) : onWeekdays(weekdays, months);
  const parts = dateParts(dates);
  const isPlain = /^\d/u.test(parts);
  const dated = `${isPlain && isOne(months) ? ofMonths(months).slice(0, -1) : ofMonths(months)}${isPlain ? ' ' : ''}${parts}`;
  if (weekdays === null) return dated;
  if (both === 'or') return `${dated}，以及${onWeekdays(weekdays, months)}`;
  const plain = each(weekdays);
  return `${dated}且当天为${list([...(plain.length === 0 ? [] : [weekdayNames(plain)]), ...nths(weekdays).map((one) => `当月${one}`)]).replaceAll('、', '或')}`;
}

function clockPhrase(clock: CronClock): string {
  switch (clock.kind) {
    case 'at': {
      const precise = clock.times.some((time) => time % 60 !== 0);
      return list(clock.times.map((time) => clockText(time, precise)));
    }
    case 'every': {
      const precise = clock.from % 60 !== 0 || clock.step % 60 !== 0;
      return clock.allDay ? every(clock.step * 1000) : `${clockText(clock.from, precise)} 至 ${clockText(clock.to, precise)} ${every(clock.step * 1000)}`;
    }
    case 'fields': {
      const { seconds, minutes, hours } = clock;
      const minute = field(minutes, '分', 60);
      const start = hours === null ? (minute === '每分钟' ? '' : '每小时的') : `${field(hours, '时', 24)}的`;
      return `${start}${minute}${seconds === null ? '' : `的${field(seconds, '秒', 60)}`}`;
    }
    default:
      return assertNever(clock);
  }
}

function field(all: readonly Stride[], unit: string, whole: number): string {
  const [one] = all;
  return one !== undefined && one.step === 1 && one.to - one.from === whole - 1 ? `每${unit === '分' ? '分钟' : unit === '时' ? '小时' : '秒'}` : `第 ${stretches(all, unit)}`;
}

function cron(days: CronDays, clock: CronClock): string {
  const on = daysText(days);
  const phrase = clockPhrase(clock);
  if (on === '') return clock.kind === 'at' ? `每天 ${phrase}` : phrase;
  return `${on}${on.includes('，') ? '，' : ' '}${phrase}`;
}

const DONE = { added: '新增', changed: '修改', removed: '删除' } as const;

/** 中文句子。 */
export const inChinese: Words = {
  semicolon: '；',
  manual: '仅手动运行',
  once: (moment, timeZone) => `仅一次：${moment}（${timeZone}）`,
  every,
  everyAt: (ms, moment) => (moment.length > 8 ? `每 ${counted(inUnits(ms, 'day'))}，从 UTC ${moment} 起计` : `每 24 小时，UTC ${moment}`),
  everyFrom: (ms, moment) => `${every(ms)}，从 UTC ${moment} 起计`,
  delay: (ms) => `上次运行结束后 ${span(ms)}`,
  cron,
  zoned: (sentence, timeZone) => `${sentence}（${timeZone}）`,
  watch: (path, glob, events, settleMs) => `${glob === undefined ? `${path}（或其中的文件）` : `${path} 中匹配 ${glob} 的文件`}${events.map((event) => DONE[event]).join('或')}，并静止 ${settleMs % 1000 === 0 ? `${settleMs / 1000} 秒` : `${settleMs} 毫秒`}后`,
  from: (moment) => `自 ${moment} 起`,
  until: (moment) => `至 ${moment} 止`,
  jitter: (ms) => `最多推迟 ${span(ms)}`,
  runs: (count) => `最多运行 ${count} 次`,
};
