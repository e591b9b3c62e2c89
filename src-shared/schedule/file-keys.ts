import { ScheduleDefinition, SchedulePolicy, ScheduleTimes } from '#shared/schedule/schedule';
import type { ScheduleKind } from '#shared/schedule/schedule';

const TIMES = new Map<ScheduleKind, readonly string[]>(ScheduleTimes.options.map(({ shape }) => [shape.kind.value, Object.keys(shape)]));

/** Every kind, in the order they are offered. */
export const KINDS: readonly ScheduleKind[] = [...TIMES.keys()];

const OWN = Object.keys(ScheduleDefinition.shape).filter((key) => key !== 'times' && key !== 'policy');
const POLICY = Object.keys(SchedulePolicy.shape);
const KEYS = new Map([...TIMES].map(([kind, times]) => [kind, [...OWN, ...times, ...POLICY] as readonly string[]]));
/** What a schedule of a kind may say in a file, in the order it is written. */
export const keysOf = (kind: ScheduleKind): readonly string[] => KEYS.get(kind) ?? OWN;

/** Is this a time of a schedule in a file? Those are ISO texts there and ms in memory. */
export const isInstant = (key: string): boolean => key === 'at' || key === 'startAt' || key === 'endAt';
/** Is this a length of time, such as 15m? */
export const isSpan = (key: string): boolean => key === 'every' || key === 'phase' || key === 'catchupWindow';
const TIMES_KEYS = new Set([...TIMES.values()].flat());
const POLICY_KEYS = new Set(POLICY);
export const isTimesKey = (key: string): boolean => TIMES_KEYS.has(key);
export const isPolicyKey = (key: string): boolean => POLICY_KEYS.has(key);

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/gu, '');

/** Other names of keys, as the seed and people write them: without case, dashes and underscores. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  scheduletype: 'kind',
  type: 'kind',
  mode: 'kind',
  active: 'enabled',
  name: 'label',
  id: 'key',
  cron: 'expression',
  cronexpression: 'expression',
  interval: 'every',
  period: 'every',
  rate: 'every',
  delay: 'every',
  fixedrate: 'every',
  fixeddelay: 'every',
  tz: 'timeZone',
  zone: 'timeZone',
  zoneid: 'timeZone',
  starttime: 'startAt',
  startdate: 'startAt',
  endtime: 'endAt',
  enddate: 'endAt',
  until: 'endAt',
  runat: 'at',
  executeat: 'at',
  time: 'at',
  datetime: 'at',
  date: 'at',
  file: 'path',
  folder: 'path',
  directory: 'path',
  pattern: 'glob',
};
const ALL = new Map([...new Set(KINDS.flatMap(keysOf))].map((key) => [plain(key), key]));

/** The key that a name in a file means, or null. */
export const keyNamed = (name: string): string | null => ALL.get(plain(name)) ?? (Object.hasOwn(OTHER_NAMES, plain(name)) ? (OTHER_NAMES[plain(name)] ?? null) : null);

const OTHER_KINDS: Readonly<Record<string, ScheduleKind>> = {
  immediate: 'manual',
  ondemand: 'manual',
  onetime: 'once',
  oneshot: 'once',
  at: 'once',
  fixedrate: 'interval',
  rate: 'interval',
  every: 'interval',
  periodic: 'interval',
  fixeddelay: 'delay',
  cronexpression: 'cron',
  file: 'watch',
  folder: 'watch',
  filewatch: 'watch',
};

/** The kind that a word in a file means, or null. */
export const kindNamed = (word: string): ScheduleKind | null => KINDS.find((kind) => kind === plain(word)) ?? (Object.hasOwn(OTHER_KINDS, plain(word)) ? (OTHER_KINDS[plain(word)] ?? null) : null);
