import type { MenuItemConstructorOptions } from 'electron';
import type { SchedulerSummary } from '../../studio-types.ts';
import type { MenuLanguage } from './menu-template.ts';
import { runPlace, runsPlace, schedulesPlace } from './places.ts';
import type { Place } from './places.ts';
import type { BoardRun } from './run-board.ts';
import { clockTime, more, relativeTime, timeSince, WORDS } from './words.ts';

/** All that the tray shows, at the moment `now`. */
export interface TrayState {
  readonly summary: SchedulerSummary;
  readonly running: readonly BoardRun[];
  readonly failed: readonly BoardRun[];
  readonly now: number;
}

/** What can be chosen in it. */
export interface TrayActs {
  readonly show: (place?: Place) => void;
  readonly pauseAll: () => void;
  readonly resumeAll: () => void;
  readonly quit: () => void;
}

const MOST_RUNNING = 8;
const LONGEST_NAME = 48;
/** What Windows shows of a tooltip. */
const LONGEST_TOOLTIP = 127;

const cut = (text: string, longest: number): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);
/** In a menu `&` marks the next letter as a key. */
const inMenu = (name: string): string => cut(name, LONGEST_NAME).replaceAll('&', '&&');

function nextLine({ summary, now }: TrayState, language: MenuLanguage, name: (text: string) => string): string {
  if (summary.allPaused) return WORDS.allPaused[language];
  if (summary.next === null) return WORDS.nothingNext[language];
  const { workflowName, at } = summary.next;
  const when = at <= now ? WORDS.now[language] : `${relativeTime(at, now, language)} (${clockTime(at, now, language)})`;
  return `${WORDS.next[language]} ${name(workflowName)}, ${when}`;
}

const heading = (label: string): MenuItemConstructorOptions => ({ label, enabled: false });

/** The tray's menu. Each run opens itself; ids are for those who choose by them. */
export function trayTemplate(state: TrayState, language: MenuLanguage, acts: TrayActs): MenuItemConstructorOptions[] {
  const { summary, running, failed, now } = state;
  const opens = (run: BoardRun, when: string): MenuItemConstructorOptions => ({ id: run.id, label: `${inMenu(run.workflowName)} · ${when}`, click: () => acts.show(runPlace(run.id)) });
  const rest = running.length - MOST_RUNNING;
  const pause: MenuItemConstructorOptions = summary.allPaused
    ? { id: 'resumeAll', label: WORDS.resumeAll[language], click: acts.resumeAll }
    : { id: 'pauseAll', label: WORDS.pauseAll[language], click: acts.pauseAll };
  return [
    { id: 'next', label: nextLine(state, language, inMenu), click: () => acts.show(schedulesPlace) },
    { type: 'separator' },
    heading((running.length === 0 ? WORDS.nothingRunning : WORDS.runningNow)[language]),
    ...running.slice(0, MOST_RUNNING).map((run) => opens(run, timeSince(run.since, now, language))),
    ...(rest > 0 ? [{ id: 'more', label: more(rest, language), click: () => acts.show(runsPlace) }] : []),
    ...(failed.length === 0 ? [] : [{ type: 'separator' } as const, heading(WORDS.recentFailures[language]), ...failed.map((run) => opens(run, relativeTime(run.since, now, language)))]),
    { type: 'separator' },
    pause,
    { type: 'separator' },
    { id: 'open', label: WORDS.open[language], click: () => acts.show() },
    { id: 'quit', label: WORDS.quit[language], click: acts.quit },
  ];
}

/** What shows when the pointer rests on the icon. */
export const trayTooltip = (state: TrayState, language: MenuLanguage): string => cut(`Millrace\n${nextLine(state, language, (name) => cut(name, LONGEST_NAME))}`, LONGEST_TOOLTIP);

/** Tells whether a menu would read the same: then the one that is there, and perhaps open, stays. */
export const readsAs = (items: readonly MenuItemConstructorOptions[]): string => JSON.stringify(items.map(({ id, label, type }) => [id, label, type]));
