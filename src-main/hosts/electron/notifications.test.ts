import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settings } from '#shared/contract/studio';
import { defaultSettings } from '../../library/settings.ts';
import { createNotifier } from './notifications.ts';
import { NOTICE_SWITCHES } from './notices.ts';
import type { Notice, NoticeKind } from './notices.ts';
import type { Place } from './places.ts';

interface Shown {
  readonly title: string;
  readonly click: () => void;
}
const system = vi.hoisted(() => ({ supported: true, shown: [] as Shown[] }));

vi.mock('electron', () => ({
  Notification: class {
    static isSupported = (): boolean => system.supported;
    readonly #listeners: (() => void)[] = [];
    readonly #title: string;
    constructor({ title }: { readonly title: string }) {
      this.#title = title;
    }
    on(_event: 'click', listener: () => void): void {
      this.#listeners.push(listener);
    }
    show(): void {
      system.shown.push({ title: this.#title, click: () => this.#listeners.forEach((listener) => listener()) });
    }
  },
}));

const KINDS = Object.keys(NOTICE_SWITCHES) as NoticeKind[];
const notice = (kind: NoticeKind, workflowId = 'orders'): Notice => ({ kind, workflowId, workflowName: workflowId, detail: '', count: 1, place: '#/runs/r1' });
const titles = (): string[] => system.shown.map((one) => one.title);

function opened(change: Partial<Settings> = {}, looking: Place | 'elsewhere' | null = null) {
  const all = { notifyFailed: true, notifyMissed: true, notifyWaiting: true, notifyPaused: true, notifyCompleted: true };
  const person = { settings: { ...defaultSettings('/data'), ...all, ...change }, looking, went: [] as Place[] };
  const notifier = createNotifier({ settings: () => person.settings, language: () => 'en', looking: () => person.looking, show: (place) => person.went.push(place), now: () => Date.now() });
  return { person, ...notifier };
}

beforeEach(() => {
  vi.useFakeTimers();
  system.supported = true;
  system.shown = [];
});
afterEach(() => vi.useRealTimers());

describe('a kind of notification', () => {
  it.each(KINDS)('%s is shown while it is wanted, and leads to its place', (kind) => {
    const { tell, person } = opened();
    tell(notice(kind));
    expect(titles()).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(titles()).toEqual([expect.stringContaining('orders')]);
    system.shown[0]?.click();
    expect(person.went).toEqual(['#/runs/r1']);
  });

  it.each(KINDS)('%s is not shown once it is switched off, whatever the others are', (kind) => {
    const { tell } = opened({ [NOTICE_SWITCHES[kind]]: false });
    for (const one of KINDS) tell(notice(one));
    vi.advanceTimersByTime(1000);
    expect(titles()).toHaveLength(KINDS.length - 1);
  });
});

it('tells twelve failures at once as one, and what follows a minute later', () => {
  const { tell } = opened();
  for (let n = 0; n < 12; n += 1) tell(notice('failed', `w${n % 4}`));
  vi.advanceTimersByTime(1000);
  expect(titles()).toEqual(['12 runs failed']);
  tell(notice('failed', 'w1'));
  vi.advanceTimersByTime(30_000);
  tell(notice('failed', 'w1'));
  expect(titles()).toHaveLength(1);
  vi.advanceTimersByTime(40_000);
  expect(titles()).toEqual(['12 runs failed', '2 runs of w1 failed']);
});

it('does not hold up one kind for another that waits', () => {
  const { tell } = opened();
  tell(notice('failed'));
  vi.advanceTimersByTime(1000);
  tell(notice('failed'));
  tell(notice('waiting'));
  vi.advanceTimersByTime(1000);
  expect(titles()).toEqual(['orders failed', 'orders waits for an answer']);
});

it('forgets what is switched off, or looked at, while it waits', () => {
  const { tell, person } = opened();
  tell(notice('failed'));
  tell(notice('completed'));
  person.settings = { ...person.settings, notifyFailed: false };
  person.looking = '#/runs/r1';
  vi.advanceTimersByTime(100_000);
  expect(titles()).toEqual([]);
});

it('says nothing of the run in front of the person, and all of another', () => {
  const { tell } = opened({}, '#/runs/r1');
  tell(notice('failed'));
  tell({ ...notice('failed', 'stock'), place: '#/runs/r2' });
  vi.advanceTimersByTime(1000);
  expect(titles()).toEqual(['stock failed']);
});

it('asks nothing of a system that shows none, and stops when told to', () => {
  system.supported = false;
  const one = opened();
  one.tell(notice('failed'));
  vi.advanceTimersByTime(1000);
  system.supported = true;
  const other = opened();
  other.tell(notice('failed'));
  other.stop();
  vi.advanceTimersByTime(1000);
  expect(titles()).toEqual([]);
});
