import { Cron, CronPattern } from 'croner';
import { StudioError } from '#shared/errors';

type Both = Readonly<Record<'en' | 'zh', string>>;
interface Field {
  readonly name: Both;
  /** The single values; lists, ranges and steps of them are said for all fields alike. */
  readonly values: Both;
}

const FIELDS = {
  second: { name: { en: 'second', zh: '秒' }, values: { en: '0 to 59', zh: '0 到 59' } },
  minute: { name: { en: 'minute', zh: '分钟' }, values: { en: '0 to 59', zh: '0 到 59' } },
  hour: { name: { en: 'hour', zh: '小时' }, values: { en: '0 to 23', zh: '0 到 23' } },
  day: { name: { en: 'day of the month', zh: '日' }, values: { en: '1 to 31, L (the last day), LW (the last weekday, alone), 15W (the weekday nearest to the 15th)', zh: '1 到 31、L（最后一天）、LW（最后一个工作日，单独使用）、15W（最接近 15 日的工作日）' } },
  month: { name: { en: 'month', zh: '月' }, values: { en: '1 to 12, JAN to DEC', zh: '1 到 12、JAN 到 DEC' } },
  weekday: { name: { en: 'day of the week', zh: '星期' }, values: { en: '0 to 7 (0 and 7 are Sunday), SUN to SAT, FRI#2 (the second Friday), FRIL (the last Friday)', zh: '0 到 7（0 和 7 为星期日）、SUN 到 SAT、FRI#2（第二个星期五）、FRIL（最后一个星期五）' } },
} as const satisfies Record<string, Field>;
type FieldName = keyof typeof FIELDS;

const NAMES = ['second', 'minute', 'hour', 'day', 'month', 'weekday'] as const satisfies readonly FieldName[];
const NICKNAMES = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Where an expression is broken. `position` counts characters from 1; `found` is empty where something is missing. */
export interface CronMistake {
  readonly field: FieldName | 'expression';
  readonly position: number;
  readonly found: string;
}

const MODE = '5-or-6-parts';
const isNickname = (expression: string): boolean => expression.trimStart().startsWith('@');

/** The whole of it at once: reading field by field costs six times as much, and there may be ten thousand. */
function isSound(expression: string): boolean {
  if (isNickname(expression) || STRANGE.test(expression)) return false;
  try {
    return new CronPattern(expression.trim(), undefined, { mode: MODE }).pattern !== '';
  } catch {
    return false;
  }
}
/** A leading + would say AND for the days behind the back of the stored choice. */
const STRANGE = /[^\w*?,\-#/\s]/u;

/** The first mistake of an expression, or null. What a field may hold is croner's word; this only finds the place. */
export function cronMistake(expression: string): CronMistake | null {
  if (isSound(expression)) return null;
  const known = judged.get(expression);
  if (known !== undefined) return known;
  const found = judge(expression);
  if (judged.size >= MOST_READ) judged.clear();
  judged.set(expression, found);
  return found;
}

/** Expressions that were looked at and read: the same few are asked for again and again, and reading one costs more than its next time. */
const judged = new Map<string, CronMistake | null>();
const read = new Map<string, CronTimes>();
const MOST_READ = 2000;

function judge(expression: string): CronMistake | null {
  const parts = [...expression.matchAll(/\S+/gu)].map((match) => ({ text: match[0], position: match.index + 1 }));
  const [first, ...more] = parts;
  if (first?.text.startsWith('@') === true) {
    if (!NICKNAMES.includes(first.text.toLowerCase())) return { field: 'expression', position: first.position, found: first.text };
    const [extra] = more;
    return extra === undefined ? null : { field: 'expression', position: extra.position, found: extra.text };
  }
  const names = NAMES.slice(parts.length >= 6 ? 0 : 1);
  for (const [n, part] of parts.entries()) {
    const field = names[n];
    if (field === undefined) return { field: 'expression', position: part.position, found: part.text };
    if (!holds(field, part.text)) return within(field, part.text, part.position);
  }
  return parts.length < 5 ? { field: 'expression', position: expression.trimEnd().length + 1, found: '' } : null;
}

/** Whether a field may hold this text. */
function holds(field: FieldName, text: string): boolean {
  if (text === '' || STRANGE.test(text)) return false;
  try {
    return new CronPattern(NAMES.map((name) => (name === field ? text : '*')).join(' '), undefined, { mode: '6-part' }).pattern !== '';
  } catch {
    return false;
  }
}

function within(field: FieldName, text: string, start: number): CronMistake {
  let position = start;
  for (const item of text.split(',')) {
    if (!holds(field, item)) {
      for (const { 0: piece, 1: sign, 2: value = '', index } of item.matchAll(/([-/#]?)([^-/#]*)/gu)) {
        const alone = sign === '/' ? `*/${value}` : sign === '#' ? `1#${value}` : value;
        if (piece !== '' && !holds(field, alone) && value !== '*') return { field, position: position + index + (sign?.length ?? 0), found: value };
      }
      return { field, position, found: item };
    }
    position += item.length + 1;
  }
  return { field, position: start, found: text };
}

/** The mistake as a person reads it: what is wrong and where, and what is allowed there. */
export function cronMistakeText({ field, position, found }: CronMistake, language: 'en' | 'zh'): { readonly message: string; readonly remedy: string } {
  const en = language === 'en';
  if (field === 'expression') {
    const what = found === '' ? (en ? 'the expression ends too early' : '表达式不完整') : en ? `“${found}” does not belong here` : `此处不能出现“${found}”`;
    return {
      message: en ? `The cron expression is broken at character ${position}: ${what}.` : `cron 表达式第 ${position} 个字符有误：${what}。`,
      remedy: en ? `Allowed: five fields (minute, hour, day, month, weekday), six with the second in front, or one of ${NICKNAMES.join(', ')}.` : `允许：五个字段（分钟、小时、日、月、星期），或在最前加上秒的六个字段，或 ${NICKNAMES.join('、')} 之一。`,
    };
  }
  const { name, values } = FIELDS[field];
  return {
    message: en ? `The ${name.en} is broken at character ${position}: ${found === '' ? 'a value is missing' : `“${found}” is not allowed`}.` : `${name.zh}字段第 ${position} 个字符有误：${found === '' ? '缺少值' : `不允许“${found}”`}。`,
    remedy: en ? `Allowed: ${values.en}; * for all; lists 1,3; ranges from low to high 1-5; steps */2 or 1-5/2.` : `允许：${values.zh}；* 表示全部；列表 1,3；由小到大的范围 1-5；步长 */2 或 1-5/2。`,
  };
}

/** An expression that was read: its matches as wall times (ms as if the wall clock were UTC), and how it takes a moved clock. */
export interface CronTimes {
  /** The first match later than `wall`, or null when none comes before the year 3000. */
  readonly next: (wall: number) => number | null;
  /** A wildcard or a step in the hour: it follows elapsed time, so each repetition runs and nothing is moved out of a gap. */
  readonly everyHour: boolean;
}

/** Reads an expression. Throws invalid_input with the field, the position of the mistake and what is allowed there. */
export function readCron(expression: string, days: 'or' | 'and'): CronTimes {
  const key = `${days} ${expression}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const times = parseCron(expression, days);
  if (read.size >= MOST_READ) read.clear();
  read.set(key, times);
  return times;
}

function parseCron(expression: string, days: 'or' | 'and'): CronTimes {
  const mistake = cronMistake(expression);
  if (mistake !== null) {
    const { message, remedy } = cronMistakeText(mistake, 'en');
    throw new StudioError('invalid_input', message, { place: 'expression', remedy });
  }
  // With a fixed offset of nought croner reads no zone at all: its instants are wall times.
  const cron = new Cron(expression.trim(), { mode: MODE, utcOffset: 0, domAndDow: days === 'and' });
  const hour = isNickname(expression) ? (expression.trim().toLowerCase() === '@hourly' ? '*' : '0') : expression.trim().split(/\s+/u).at(-4);
  return { next: (wall) => cron.nextRun(new Date(wall))?.getTime() ?? null, everyHour: /[*?/]/u.test(hour ?? '') };
}
