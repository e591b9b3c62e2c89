import { z } from 'zod';
import { StudioError } from '#shared/errors';
import { occurrences } from '#shared/schedule/occurrences';
import type { Occurrence } from '#shared/schedule/occurrences';
import type { CronSpec } from '#shared/schedule/schedule';
import { clockChangeOn, localText, offsetAt } from '#shared/schedule/zone';
import { DONE, printJson, table } from './output.ts';

export interface PreviewOptions {
  readonly cron: string;
  readonly timeZone: string;
  /** An ISO time, or nothing for now. */
  readonly from: string | undefined;
  readonly count: number;
  readonly json: boolean;
}

/** The next occurrences of an expression, the first of them not before `from`; days on which the clock changes are marked. */
export function preview({ cron, timeZone, from, count, json }: PreviewOptions, now: number): number {
  const start = from === undefined ? now : readTime(from, timeZone);
  const spec: CronSpec = { kind: 'cron', expression: cron, timeZone, days: 'or', gap: 'nextValid', repeat: 'first' };
  const found = occurrences(spec, start - 1, Infinity, count);
  if (json) {
    printJson({ cron, timeZone, from: new Date(start).toISOString(), occurrences: found.map(({ at, dst }) => ({ utc: new Date(at).toISOString(), local: localText(timeZone, at), dst })) });
    return DONE;
  }
  const rows = found.map((one) => [localText(timeZone, one.at), new Date(one.at).toISOString(), mark(one, timeZone)]);
  if (rows.length > 0) process.stdout.write(table([`in ${timeZone}`, 'UTC', ''], rows));
  if (rows.length < count) process.stdout.write(rows.length === 0 ? 'It never runs before the year 3000: no such date exists.\n' : `Only ${rows.length} occurrences before the year 3000.\n`);
  return DONE;
}

function mark({ at, nominalLocal, dst }: Occurrence, timeZone: string): string {
  const change = clockChangeOn(timeZone, at);
  if (dst === 'gap') return `clock goes forward: ${nominalLocal.slice(11)} does not exist, runs after the gap`;
  if (dst === 'repeat') return `clock goes back: ${nominalLocal.slice(11)} comes twice`;
  return change === null ? '' : `clock goes ${change} on this day`;
}

const WithOffset = z.iso.datetime({ offset: true });
const OnTheWall = z.union([z.iso.datetime({ local: true }), z.iso.date()]);

/** With an offset it is an instant; without one it is read on the clock of the zone, never on this computer's. */
function readTime(text: string, timeZone: string): number {
  if (WithOffset.safeParse(text).success) return Date.parse(text);
  if (!OnTheWall.safeParse(text).success) throw new StudioError('invalid_input', `"${text}" is not a time.`, { place: '--from', remedy: 'Give an ISO time such as 2026-03-29, 2026-03-29T01:30 or 2026-03-29T01:30:00Z.' });
  const wall = Date.parse(text.length === 10 ? text : `${text}Z`);
  return wall - offsetAt(timeZone, wall - offsetAt(timeZone, wall));
}
