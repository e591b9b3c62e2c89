import { existsSync } from 'node:fs';
import { describeSchedule } from '#shared/schedule/sentence';
import { isSpent } from '#shared/schedule/state';
import type { ScheduleState } from '#shared/schedule/state';
import { localText } from '#shared/schedule/zone';
import type { Journal } from '../../journal/journal.ts';
import { journalFile } from '../../studio.ts';
import { nextMoment } from '../../scheduler/next.ts';
import { glanceAtSettings } from './glance.ts';
import { reading } from './open-journal.ts';
import { DONE, print, printJson, table } from './output.ts';
import { isHeld } from './standing.ts';

/** Every schedule that the scheduler has taken up, by what the journal says; also while a studio is at work. */
export async function list(dataDir: string, json: boolean): Promise<number> {
  const held = isHeld(dataDir);
  const allPaused = glanceAtSettings(dataDir).schedulesPaused;
  const rows = existsSync(journalFile(dataDir)) ? await reading(dataDir, (journal) => journal.schedules().map((state) => rowOf(journal, state, allPaused !== null))) : [];
  if (json) {
    printJson({ schedules: rows, allPaused, running: held });
    return DONE;
  }
  if (allPaused !== null) print(`All schedules are paused${allPaused.note === '' ? '' : `: ${allPaused.note}`}.\n`);
  if (rows.length > 0) print(table(['schedule', 'workflow', 'status', 'next', 'when', ''], rows.map((row) => [row.id, row.workflowName, row.status, shownTime(row), row.sentence, row.paused?.note ?? ''])));
  else print('No schedules. Save a workflow with one, then start the window, `millrace serve` or `millrace scheduler`.\n');
  if (rows.some((row) => row.next !== null) && !held) print('Nobody runs them just now: start the window, `millrace serve` or `millrace scheduler`.\n');
  return DONE;
}

type Status = 'scheduled' | 'paused' | 'disabled' | 'manual' | 'done';

function rowOf(journal: Journal, state: ScheduleState, allPaused: boolean) {
  const { definition, paused, lastFired } = state;
  const { times } = definition;
  const lastEndedAt = lastFired === null ? null : (journal.run(lastFired.runId)?.endedAt ?? null);
  const isWaiting = lastFired !== null && lastEndedAt === null;
  const moment = nextMoment(state, { active: isWaiting ? 1 : 0, lastEndedAt });
  const comes = moment !== null || (!isSpent(state) && (times.kind === 'watch' || (times.kind === 'delay' && isWaiting)));
  const status: Status = !definition.enabled ? 'disabled' : paused !== null || allPaused ? 'paused' : times.kind === 'manual' ? 'manual' : comes ? 'scheduled' : 'done';
  const isNext = status === 'scheduled' && moment !== null;
  return {
    id: state.id,
    workflowId: state.workflowId,
    workflowName: state.workflowName,
    key: definition.key,
    label: definition.label,
    kind: times.kind,
    sentence: describeSchedule(definition, 'en'),
    timeZone: times.kind === 'manual' ? 'UTC' : (times.timeZone ?? 'UTC'),
    status,
    paused: paused === null ? null : { ...paused, at: new Date(paused.at).toISOString() },
    next: isNext ? new Date(moment.at).toISOString() : null,
    buffered: state.buffered.length,
    fires: state.fires,
    lastFired: lastFired === null ? null : { nominalTime: new Date(lastFired.nominalTime).toISOString(), runId: lastFired.runId, at: new Date(lastFired.at).toISOString() },
  };
}

/** On the clock of the schedule's zone. */
const shownTime = ({ next, timeZone }: { readonly next: string | null; readonly timeZone: string }): string => (next === null ? '' : localText(timeZone, Date.parse(next)));
