import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PowerEvent } from '../../studio-types.ts';
import { stayAwake } from './awake.ts';
import { followPower } from './power.ts';
import { defaultSettings } from '../../library/settings.ts';

const { system } = vi.hoisted(() => ({ system: { monitor: null as unknown as EventEmitter, app: null as unknown as EventEmitter, clocks: new Map<string, () => void>(), windows: [] as object[], blockers: new Map<number, string>(), last: 0 } }));
vi.mock('electron', () => ({
  get app() {
    return system.app;
  },
  BrowserWindow: { getAllWindows: () => system.windows },
  get powerMonitor() {
    return system.monitor;
  },
  systemPreferences: { subscribeLocalNotification: (name: string, act: () => void) => void system.clocks.set(name, act), unsubscribeLocalNotification: () => undefined },
  powerSaveBlocker: {
    start: (type: string) => {
      system.last += 1;
      system.blockers.set(system.last, type);
      return system.last;
    },
    stop: (id: number) => system.blockers.delete(id),
  },
}));

const on = (platform: string): void => void vi.spyOn(process, 'platform', 'get').mockReturnValue(platform as NodeJS.Platform);

beforeEach(() => {
  system.monitor = new EventEmitter();
  system.app = new EventEmitter();
  system.clocks.clear();
});
afterEach(() => vi.restoreAllMocks());

it('tells the scheduler in its own words what the machine does, until it is stopped', () => {
  const told: PowerEvent[] = [];
  const stop = followPower((event) => told.push(event));
  for (const event of ['suspend', 'resume', 'lock-screen', 'unlock-screen', 'on-ac', 'on-battery']) system.monitor.emit(event);
  expect(told).toEqual(['suspend', 'resume', 'lock', 'unlock', 'onAc', 'onBattery']);
  stop();
  system.monitor.emit('suspend');
  expect(told).toHaveLength(6);
});

it('hears of a clock that was set where the system tells of it', () => {
  const told: PowerEvent[] = [];
  on('darwin');
  followPower((event) => told.push(event));
  expect([...system.clocks.keys()]).toEqual(['NSSystemClockDidChangeNotification', 'NSSystemTimeZoneDidChangeNotification']);
  for (const change of system.clocks.values()) change();
  expect(told).toEqual(['clockChanged', 'clockChanged']);
  on('win32');
  const window = { hookWindowMessage: (message: number, act: () => void) => message === 0x1e && act() };
  system.windows = [window];
  followPower((event) => told.push(event));
  expect(told).toHaveLength(3);
  system.app.emit('browser-window-created', {}, window);
  expect(told).toHaveLength(4);
});

it('keeps the machine awake while a run is in hand and the person allows it', () => {
  let settings = { ...defaultSettings('/data'), keepAwake: true };
  let inHand = 0;
  const { changed, stop } = stayAwake(() => settings, () => inHand);
  const blocked = (now: number, keepAwake = true): string[] => {
    inHand = now;
    settings = { ...settings, keepAwake };
    changed();
    return [...system.blockers.values()];
  };
  expect([...system.blockers.values()]).toEqual([]);
  expect(blocked(2)).toEqual(['prevent-app-suspension']);
  expect(blocked(1)).toEqual(['prevent-app-suspension']);
  expect(blocked(1, false)).toEqual([]);
  expect(blocked(1)).toEqual(['prevent-app-suspension']);
  expect(blocked(0)).toEqual([]);
  expect(blocked(1)).toHaveLength(1);
  stop();
  expect([...system.blockers.values()]).toEqual([]);
});
