import type { Away } from '#shared/contract/schedules';
import type { Settings } from '#shared/contract/studio';
import type { ErrorInfo } from '#shared/errors';
import type { EventData, StudioEvent } from '#shared/events';
import type { ScheduleState } from '#shared/schedule/state';
import { editorPlace, isAt, runPlace, schedulesPlace } from './places.ts';
import type { Place } from './places.ts';
import type { BoardRun } from './run-board.ts';

/** Each kind of notification has its own switch in Settings. */
export const NOTICE_SWITCHES = { failed: 'notifyFailed', missed: 'notifyMissed', waiting: 'notifyWaiting', paused: 'notifyPaused', completed: 'notifyCompleted' } as const satisfies Readonly<Record<string, keyof Settings>>;
export type NoticeKind = keyof typeof NOTICE_SWITCHES;

/** Something a person may want to be told of while the window is not in front of them. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly workflowId: string;
  readonly workflowName: string;
  /** One sentence more; empty where there is none. */
  readonly detail: string;
  /** Of runs. */
  readonly count: number;
  /** Where a click leads. */
  readonly place: Place;
}

const LONGEST_DETAIL = 200;

/** The first sentence of a text, and no more of that than fits a notification. */
export function firstSentence(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  const sentence = /^.*?[.!?](?=\s+\p{Lu})|^.*?[。！？]/u.exec(line)?.[0] ?? line;
  return sentence.length <= LONGEST_DETAIL ? sentence : `${sentence.slice(0, LONGEST_DETAIL - 1)}…`;
}

/** `orders.csv: There is no such file.` */
const whatFailed = ({ message, place }: ErrorInfo): string => (place === undefined ? firstSentence(message) : `${place}: ${firstSentence(message)}`);

/** What a run's new status is worth telling; a run that somebody has asked for himself and that went well is not. */
export function noticeOfRun(run: BoardRun, event: StudioEvent): Notice | null {
  const about = { workflowId: run.workflowId, workflowName: run.workflowName, count: 1, place: runPlace(run.id) };
  if (event.type === 'WorkflowFailed') return { ...about, kind: 'failed', detail: whatFailed(event.data.error) };
  if (event.type === 'WorkflowPaused') return { ...about, kind: 'waiting', detail: '' };
  if (event.type === 'WorkflowCompleted' && run.trigger === 'schedule') return { ...about, kind: 'completed', detail: '' };
  return null;
}

/** A schedule that a person has paused himself is no news to him. Of the failure its run tells. */
export function noticeOfPause(paused: EventData<'SchedulePaused'>, schedule: ScheduleState | null): Notice | null {
  if (paused.by !== 'failure') return null;
  return { kind: 'paused', workflowId: paused.workflowId, workflowName: schedule?.workflowName ?? paused.workflowId, detail: '', count: 1, place: schedulesPlace };
}

/** One for every workflow that has missed runs. */
export function noticesOfAway(away: Away): readonly Notice[] {
  return away.schedules.map(({ workflowId, workflowName, count }) => ({ kind: 'missed', workflowId, workflowName, detail: '', count, place: schedulesPlace }));
}

/** Does the person see it anyway? `looking`: the place in a window that has the focus, null without one. */
export function isSeen(notice: Notice, looking: Place | 'elsewhere' | null): boolean {
  if (looking === null) return false;
  // The window asks about missed runs itself, wherever it stands.
  if (notice.kind === 'missed') return true;
  if (looking === 'elsewhere') return false;
  if (isAt(looking, notice.place)) return true;
  // The editor shows its workflow's own runs.
  return notice.kind !== 'paused' && isAt(looking, editorPlace(notice.workflowId));
}
