import { Notification } from 'electron';
import type { Settings } from '#shared/contract/studio';
import type { MenuLanguage } from './menu-template.ts';
import { emptyQueue, hold, nextDue, takeDue } from './notice-queue.ts';
import { messageOf } from './notice-text.ts';
import type { Message } from './notice-text.ts';
import { isSeen, NOTICE_SWITCHES } from './notices.ts';
import type { Notice } from './notices.ts';
import type { Place } from './places.ts';

export interface Notifier {
  readonly tell: (notice: Notice) => void;
  readonly stop: () => void;
}

export interface NotifierOptions {
  readonly settings: () => Settings;
  readonly language: () => MenuLanguage;
  /** Where the person is looking: null while no window has the focus. */
  readonly looking: () => Place | 'elsewhere' | null;
  readonly show: (place: Place) => void;
  /** A clock that nobody sets, in ms. */
  readonly now: () => number;
}

/** Notifications that may still be clicked: one that nobody holds is forgotten, and its click with it. */
const shown = new Set<Notification>();
const MOST_SHOWN = 50;

/** Shows a notification where the system can. A click on it calls `clicked`. */
export function notify({ title, body }: Pick<Message, 'title' | 'body'>, clicked: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body, urgency: 'normal' });
  notification.on('click', () => {
    shown.delete(notification);
    clicked();
  });
  const [oldest] = shown;
  if (shown.size >= MOST_SHOWN && oldest !== undefined) shown.delete(oldest);
  shown.add(notification);
  notification.show();
}

/** Tells the person what happens, as far as Settings allow it: gathered, not too often, and not what is in front of their eyes. */
export function createNotifier({ settings, language, looking, show, now }: NotifierOptions): Notifier {
  let queue = emptyQueue;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let timerAt = Infinity;
  const wanted = (notice: Notice): boolean => settings()[NOTICE_SWITCHES[notice.kind]] && !isSeen(notice, looking());
  const wait = (due: number | null): void => {
    if (timer !== null) clearTimeout(timer);
    timerAt = due ?? Infinity;
    timer = due === null ? null : setTimeout(work, Math.max(0, due - now()));
  };
  const work = (): void => {
    const taken = takeDue(queue, now());
    queue = taken.queue;
    for (const group of taken.groups) {
      const left = group.filter(wanted);
      if (left.length === 0) continue;
      const message = messageOf(left, language());
      notify(message, () => show(message.place));
    }
    wait(nextDue(queue));
  };
  return {
    tell: (notice) => {
      if (!wanted(notice)) return;
      queue = hold(queue, notice, now());
      // In a flood only the first one sets the clock.
      const due = nextDue({ ...queue, held: queue.held.slice(-1) });
      if (due !== null && due < timerAt) wait(due);
    },
    stop: () => wait(null),
  };
}
