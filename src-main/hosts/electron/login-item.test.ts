import { beforeEach, expect, it, vi } from 'vitest';
import type { Settings as LoginSettings } from 'electron';
import type { Settings } from '#shared/contract/studio';
import { defaultSettings } from '../../library/settings.ts';
import { followLogin } from './login-item.ts';
import type { Installed } from './login-plan.ts';

const system = vi.hoisted(() => ({ openAtLogin: false, set: [] as LoginSettings[] }));
vi.mock('electron', () => ({
  app: {
    getLoginItemSettings: () => ({ openAtLogin: system.openAtLogin }),
    setLoginItemSettings: (settings: LoginSettings) => {
      system.set.push(settings);
      system.openAtLogin = settings.openAtLogin ?? false;
    },
  },
}));

const windows: Installed = { platform: 'win32', executable: 'C:/Millrace.exe', appImage: undefined, appFolder: null, dataDir: null, autostart: '' };

function person(startAtLogin: boolean) {
  let settings: Settings = { ...defaultSettings('/data'), startAtLogin };
  const listeners = new Set<(settings: Settings) => void>();
  return {
    get: () => settings,
    subscribe: (listener: (settings: Settings) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    save: (change: Partial<Settings>) => {
      settings = { ...settings, ...change };
      for (const listener of listeners) listener(settings);
    },
  };
}

beforeEach(() => {
  system.openAtLogin = false;
  system.set = [];
});

it('tells the system when the setting changes, and only then', () => {
  const settings = person(false);
  const stop = followLogin(settings, windows);
  settings.save({ theme: 'dark' });
  expect(system.set).toEqual([]);
  settings.save({ startAtLogin: true });
  expect(system.set).toMatchObject([{ openAtLogin: true, path: 'C:/Millrace.exe', args: ['--hidden'] }]);
  settings.save({ startAtLogin: false });
  expect(system.set).toMatchObject([{ openAtLogin: true }, { openAtLogin: false }]);
  stop();
  settings.save({ startAtLogin: true });
  expect(system.set).toHaveLength(2);
});

it('makes good at the start what the system does not know, and leaves what it knows', () => {
  followLogin(person(true), windows);
  expect(system.set).toMatchObject([{ openAtLogin: true }]);
  followLogin(person(true), windows);
  expect(system.set).toHaveLength(1);
});
