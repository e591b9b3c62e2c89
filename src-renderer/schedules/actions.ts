import type { AwayChoice, OccurrenceRow, ScheduleView } from '#shared/contract/schedules';
import type { ScheduleId } from '#shared/ids';
import { keys, queryClient } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { client } from '../client/client.ts';
import { currentText } from '../i18n/use-text.ts';
import { toast } from '../ui/toast.tsx';
import { awayText, historyText, scheduleText } from './text.ts';

const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: keys.schedules });

/** Starts the workflow of a schedule and offers the way to its run. */
export async function runNow(schedule: ScheduleView): Promise<void> {
  const { t } = currentText();
  const { runId } = await client.schedules.runNow({ id: schedule.id });
  toast({ tone: 'info', title: t(scheduleText.started, schedule.workflowName), action: { label: t(scheduleText.showRun), run: () => go({ place: 'run', runId }) } });
  await refresh();
}

/** Pauses these, with a note. */
export async function pause(ids: readonly ScheduleId[], note: string): Promise<void> {
  await client.schedules.pause({ ids: [...ids], note });
  toast({ tone: 'success', title: currentText().t(scheduleText.paused, ids.length) });
  await refresh();
}

/** Resumes these, from now on. */
export async function resume(ids: readonly ScheduleId[]): Promise<void> {
  await client.schedules.resume({ ids: [...ids] });
  toast({ tone: 'success', title: currentText().t(scheduleText.resumed, ids.length) });
  await refresh();
}

export async function pauseAll(note: string): Promise<void> {
  await client.schedules.pauseAll({ note });
  void queryClient.invalidateQueries({ queryKey: keys.settings });
  await refresh();
}

export async function resumeAll(): Promise<void> {
  await client.schedules.resumeAll();
  void queryClient.invalidateQueries({ queryKey: keys.settings });
  await refresh();
}

/** Runs what one entry of the history says was missed. */
export async function runMissed(row: OccurrenceRow, latestOnly: boolean): Promise<void> {
  const { t } = currentText();
  const { runs } = await client.schedules.runMissed({ id: row.scheduleId, from: row.nominalTime, to: row.lastNominalTime, latestOnly });
  toast(runs === 0 ? { tone: 'info', title: t(historyText.noneToRun) } : { tone: 'success', title: t(historyText.willRun, runs) });
  await refresh();
}

/** Answers what was asked after the person came back; schedules that are not named go by their policy. */
export async function settleAway(choices: Readonly<Record<string, AwayChoice>>): Promise<void> {
  await client.schedules.settleAway({ choices: { ...choices } });
  queryClient.setQueryData(keys.away, null);
  await refresh();
}

/** It is decided, here, in another window or by the policies: says so, with the way to what became of it. */
export function tellSettled(): void {
  const { t } = currentText();
  toast({ tone: 'success', topic: 'away', title: t(awayText.decided), action: { label: t(scheduleText.showHistory), run: () => go({ place: 'schedules', view: 'history' }) } });
}
