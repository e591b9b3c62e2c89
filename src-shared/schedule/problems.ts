import type { z } from 'zod';
import type { Json } from '#shared/json';
import { cronMistake, cronMistakeText } from '#shared/schedule/cron-expression';
import { isSpan } from '#shared/schedule/file-keys';
import { spanMs } from '#shared/schedule/schedule';
import { called } from '#shared/workflow/check-config';
import { nearest } from '#shared/workflow/nearest';
import { problem } from '#shared/workflow/problems';
import type { Problem } from '#shared/workflow/workflow';

type Both = readonly [en: string, zh: string];

/** What is to be added where a schedule lacks it. */
const NEEDED: Readonly<Record<string, Both>> = {
  kind: ['manual, once, interval, delay, cron or watch', 'manual、once、interval、delay、cron 或 watch'],
  at: ['a time such as 2026-01-31T08:00:00Z', '时间，例如 2026-01-31T08:00:00Z'],
  every: ['a number and a unit, such as 30s, 15m, 1h or 1d', '数字加单位，例如 30s、15m、1h 或 1d'],
  expression: ['a cron expression such as 0 8 * * 1-5', 'cron 表达式，例如 0 8 * * 1-5'],
  path: ['the path of a file or folder', '文件或文件夹的路径'],
};

/** A schedule lacks what its kind needs. */
export function missing(key: string, place: string): Problem {
  const [en, zh] = NEEDED[key] ?? ['a value', '值'];
  return problem('schedule_missing', { field: key, expected: en, 'expected:zh': zh }, { field: `${place}.${key}` });
}

/** Where spans must lie, in words. */
const SPAN_BOUNDS: Readonly<Record<string, Both>> = { every: ['at least 1s', '不小于 1s'], catchupWindow: ['between 10s and 365d', '介于 10s 与 365d 之间'] };
const EXPECTED: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list' };
const LENGTH: ReadonlySet<string> = new Set(['label', 'note', 'path', 'glob', 'expression']);

/** What the schema refuses, in the words of problems.ts. `said`: what stands under a key in the file, and under which name. */
export function refused(issue: z.core.$ZodIssue, said: (key: string) => { readonly name: string; readonly value: Json } | undefined, place: string): Problem {
  const path = issue.path.filter((part) => part !== 'times' && part !== 'policy');
  const key = String(path[0] ?? 'kind');
  const one = said(key);
  if (one === undefined) return missing(key, place);
  const { name: field, value } = one;
  const at = { field: `${place}.${key}${path[1] === undefined ? '' : `[${String(path[1])}]`}` };
  const inside = typeof path[1] === 'number' && Array.isArray(value) ? (value as readonly Json[])[path[1]] : value;
  const text = typeof value === 'string' ? value : called(value);
  const found = typeof inside === 'string' ? inside.slice(0, 100) : called(inside);
  if (issue.code === 'invalid_type' && !isSpan(key)) return problem('schedule_type', { field, expected: EXPECTED[issue.expected] ?? issue.expected, found: called(inside) }, at);
  if (issue.code === 'invalid_value') return problem('schedule_option', { field, found, options: issue.values.map(String).join(', ') }, at);
  if (key === 'key') return problem('schedule_key', { found }, at);
  if (LENGTH.has(key) && issue.code === 'too_big') return problem('schedule_too_long', { field, found: String(text.length), limit: String(issue.maximum) }, at);
  if (issue.code === 'too_small' || issue.code === 'too_big') return problem('schedule_range', { field, ...bound(issue, key), found }, at);
  if (key === 'timeZone') return zoneProblem(text, at);
  if (isSpan(key)) return typeof value === 'string' && spanMs(value) !== null ? problem('schedule_range', { field, ...inWords(SPAN_BOUNDS[key] ?? ['longer', '更长']), found: value }, at) : problem('schedule_span', { field, found }, at);
  const mistake = cronMistake(text);
  if (key !== 'expression' || mistake === null) return problem('schedule_type', { field, expected: issue.message, found }, at);
  const [en, zh] = [cronMistakeText(mistake, 'en'), cronMistakeText(mistake, 'zh')];
  return problem('schedule_cron', { message: en.message, 'message:zh': zh.message, remedy: en.remedy, 'remedy:zh': zh.remedy, position: String(mistake.position), found: mistake.found }, at);
}

const inWords = ([en, zh]: Both): { readonly bound: string; readonly 'bound:zh': string } => ({ bound: en, 'bound:zh': zh });

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, key: string): { readonly bound: string; readonly 'bound:zh': string } {
  if (key === 'at' || key === 'startAt' || key === 'endAt') return inWords(['a time between the years 1000 and 2999', '在公元 1000 至 2999 年之间']);
  return issue.code === 'too_small' ? inWords([`at least ${issue.minimum}`, `不小于 ${issue.minimum}`]) : inWords([`at most ${issue.maximum}`, `不大于 ${issue.maximum}`]);
}

function zoneProblem(found: string, at: { readonly field: string }): Problem {
  const near = nearest(found, Intl.supportedValuesOf('timeZone'));
  return near === null ? problem('schedule_zone', { found: found.slice(0, 100) }, at) : problem('schedule_zone_near', { found, near }, at);
}
