import type { PreviewTime } from '#shared/contract/schedules';
import { StudioError } from '#shared/errors';
import type { Json } from '#shared/json';
import { readInstant } from '#shared/schedule/instant';
import { previewSchedule } from '#shared/schedule/preview';
import type { SchedulePreview } from '#shared/schedule/preview';
import { readSchedules } from '#shared/schedule/read-schedules';
import { isTimed } from '#shared/schedule/schedule';
import { scheduleJson } from '#shared/schedule/write-schedule';
import { offsetAt } from '#shared/schedule/zone';
import type { Problem } from '#shared/workflow/workflow';
import { problemSentence } from '../../executor/prepare.ts';
import { builtInNodes } from '../../nodes/registry.ts';
import { DONE, INVALID, print, printAside, printJson, table } from './output.ts';
import { readWorkflowFile } from './read-file.ts';
import { readable } from './run.ts';

export interface PreviewOptions {
  /** An ISO time, or nothing for now. */
  readonly from: string | undefined;
  readonly count: number;
  readonly json: boolean;
}

export interface CronOptions extends PreviewOptions {
  readonly cron: string;
  readonly timeZone: string;
  /** Whether day of month or, and day of week must match where both are given. */
  readonly days: string;
}

/** What an expression means and its next occurrences, the first of them not before `from`; days on which the clock changes are marked. */
export function previewCron({ cron, timeZone, days, from, count, json }: CronOptions, now: number): number {
  offsetAt(timeZone, now);
  const start = from === undefined ? now : readTime(from, timeZone);
  const shown = previewSchedule({ kind: 'cron', expression: cron, timeZone, days }, start, count);
  const [broken] = shown.problems.filter((one) => one.severity === 'error');
  if (broken !== undefined) throw new StudioError('invalid_input', broken.message, { place: 'expression', ...(broken.remedy === undefined ? {} : { remedy: broken.remedy }) });
  if (json) printJson({ cron, timeZone, from: new Date(start).toISOString(), sentence: shown.sentence?.en ?? '', occurrences: occurrencesOf(shown) });
  else printPreview(shown, count);
  return DONE;
}

/** The same for every schedule of a workflow's file; what is wrong with them is told, and refused with 2. */
export function previewFile(path: string, { from, count, json }: PreviewOptions, now: number): number {
  const read = readWorkflowFile(path, builtInNodes);
  const schedule = readable(read).metadata['schedule'];
  const { schedules, problems } = readSchedules(schedule);
  const shown = schedules.map((definition) => {
    const { times } = definition;
    const timeZone = times.kind === 'manual' ? 'UTC' : (times.timeZone ?? 'UTC');
    const start = from === undefined ? now : readTime(from, timeZone);
    return { definition, timeZone, start, preview: previewSchedule(scheduleJson(definition), start, count) };
  });
  if (json) {
    printJson({
      file: read.file,
      schedules: shown.map(({ definition, timeZone, start, preview }) => ({ key: definition.key, label: definition.label, kind: definition.times.kind, enabled: definition.enabled, timeZone, from: new Date(start).toISOString(), sentence: preview.sentence?.en ?? '', occurrences: occurrencesOf(preview) })),
      problems,
    });
  } else {
    for (const { definition, preview } of shown) {
      if (schedules.length > 1) print(`${definition.label || definition.key || 'The first'}${definition.enabled ? '' : ' (switched off)'}:\n`);
      printPreview(preview, count);
    }
    if (shown.length === 0 && problems.length === 0) print(`${read.file} has no schedule.\n`);
  }
  tell(problems);
  return problems.some((one) => one.severity === 'error') ? INVALID : DONE;
}

function tell(problems: readonly Problem[]): void {
  for (const problem of problems) printAside(`${problem.severity}: ${problemSentence(problem)}\n`);
}

const occurrencesOf = ({ times }: SchedulePreview): Json => times.map(({ at, localTime, dst }) => ({ utc: new Date(at).toISOString(), local: localTime, dst }));

function printPreview({ definition, sentence, times }: SchedulePreview, count: number): void {
  if (definition === null) return;
  print(`${sentence?.en ?? ''}\n`);
  const spec = definition.times;
  if (!isTimed(spec)) {
    print(spec.kind === 'manual' ? '' : 'Its times are not known in advance.\n');
    return;
  }
  const rows = times.map((one) => [one.localTime, new Date(one.at).toISOString(), mark(one)]);
  if (rows.length > 0) process.stdout.write(table([`in ${spec.timeZone ?? 'UTC'}`, 'UTC', ''], rows));
  if (rows.length === count) return;
  const isOpen = spec.kind !== 'once' && spec.endAt === undefined;
  if (isOpen) print(rows.length === 0 ? 'It never runs before the year 3000: no such date exists.\n' : `Only ${rows.length} occurrences before the year 3000.\n`);
  else print(rows.length === 0 ? 'It does not run after that time.\n' : 'It does not run after that.\n');
}

function mark({ nominalLocal, dst, clockChange }: PreviewTime): string {
  if (dst === 'gap') return `clock goes forward: ${nominalLocal.slice(11)} does not exist, runs after the gap`;
  if (dst === 'repeat') return `clock goes back: ${nominalLocal.slice(11)} comes twice`;
  return clockChange === null ? '' : `clock goes ${clockChange} on this day`;
}

/** With an offset it is an instant; without one it is read on the clock of the zone, never on this computer's. */
function readTime(text: string, timeZone: string): number {
  const read = readInstant(text, timeZone);
  if (read === null) throw new StudioError('invalid_input', `"${text}" is not a time.`, { place: '--from', remedy: 'Give an ISO time such as 2026-03-29, 2026-03-29T01:30 or 2026-03-29T01:30:00Z.' });
  return read.at;
}
