import { writeFileSync } from 'node:fs';
import { app } from 'electron';
import type { Studio } from '../../studio-types.ts';
import { stayAwake } from './awake.ts';
import { followLogin, installed } from './login-item.ts';
import { menuLanguage } from './menu-template.ts';
import { createNotifier, notify } from './notifications.ts';
import { noticeOfPause, noticeOfRun, noticesOfAway } from './notices.ts';
import { followPower } from './power.ts';
import { followRuns } from './run-board.ts';
import { staysWithoutWindow } from './staying.ts';
import { showsTrayIcons, waitForTray } from './status-notifier.ts';
import { showTray } from './tray.ts';
import type { ShownTray } from './tray.ts';
import type { TheWindow } from './window.ts';
import { WORDS } from './words.ts';

/** At login the desktop's panel may come up after the app; and it may not come at all. */
const PANEL_MS = 30_000;

export interface Background {
  /** Does the app go on once its last window is closed? */
  readonly stays: () => boolean;
  readonly stop: () => void;
}

export interface BackgroundOptions {
  readonly studio: Studio;
  readonly window: TheWindow;
  /** Started without a window? */
  readonly hidden: boolean;
  /** As it was named at the start. */
  readonly dataDir: string | null;
  /** Written once the person has been told that there is no tray. */
  readonly toldFile: string;
}

/** Whoever reads this has been told; where it can't be noted, he is told again at the next start. */
function isFirst(file: string): boolean {
  try {
    writeFileSync(file, '', { flag: 'wx' });
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST');
  }
}

/** Everything the app does besides its window: tray, notifications, power, sleep, start at login. */
export function startBackground({ studio, window, hidden, dataDir, toldFile }: BackgroundOptions): Background {
  const { journal, scheduler, settings } = studio;
  const language = () => menuLanguage(settings.get().language, app.getLocale());
  let tray: ShownTray | null = null;
  let stopped = false;

  const notifier = createNotifier({ settings: () => settings.get(), language, looking: window.looking, show: window.show, now: () => performance.now() });
  const board = followRuns(journal, (run, event) => {
    const notice = noticeOfRun(run, event);
    if (notice !== null) notifier.tell(notice);
    tray?.changed();
    awake.changed();
  });
  const awake = stayAwake(() => settings.get(), board.inHand);

  const putTray = (): void => {
    if (stopped) return;
    tray = showTray(() => ({ summary: scheduler.summary(), running: board.running(), failed: board.failed(), now: Date.now() }), language, {
      show: window.show,
      pauseAll: () => void scheduler.pauseAll(WORDS.pausedHere[language()]).catch(console.error),
      resumeAll: () => void scheduler.resumeAll().catch(console.error),
      quit: () => app.quit(),
    });
  };
  const withoutTray = (): void => {
    if (stopped) return;
    if (isFirst(toldFile)) notify({ title: WORDS.noTrayTitle[language()], body: WORDS.noTray[language()] }, () => window.show());
    if (!window.isOpen()) window.show();
  };
  if (process.platform !== 'linux') putTray();
  else void (hidden ? waitForTray(PANEL_MS) : showsTrayIcons()).then((shows) => (shows ? putTray() : withoutTray()));

  let asking = false;
  const lookAway = (): void => {
    const away = scheduler.away();
    if (away !== null && !asking) noticesOfAway(away).forEach(notifier.tell);
    asking = away !== null;
  };
  const stops = [
    board.stop,
    awake.stop,
    notifier.stop,
    followPower((event) => scheduler.power(event)),
    followLogin(settings, installed(dataDir)),
    journal.subscribe((events) => {
      for (const event of events) {
        const notice = event.type === 'SchedulePaused' ? noticeOfPause(event.data, journal.schedule(event.data.scheduleId)) : null;
        if (notice !== null) notifier.tell(notice);
      }
    }),
    scheduler.subscribe((what) => {
      if (what === 'away') lookAway();
      tray?.changed();
    }),
    settings.subscribe(() => {
      tray?.changed();
      awake.changed();
    }),
  ];
  lookAway();
  return {
    stays: () => staysWithoutWindow({ platform: process.platform, keepInTray: settings.get().keepInTray, tray: tray !== null }),
    stop: () => {
      stopped = true;
      for (const stop of stops) stop();
      tray?.remove();
    },
  };
}
