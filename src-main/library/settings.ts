import { constants, existsSync } from 'node:fs';
import { access, copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Settings } from '#shared/contract/studio';
import { StudioError } from '#shared/errors';
import type { SettingsStore } from '../studio-types.ts';
import { fileError, readText, saveText } from './files.ts';

/** What counts where nobody has chosen: runs stay for ever, the outputs that they kept for a month. */
export const defaultSettings = (dataDir: string): Settings => ({
  folder: join(dataDir, 'workflows'),
  language: 'system',
  theme: 'system',
  memoryLimitMb: null,
  workers: null,
  maxConcurrentRuns: null,
  keepDays: null,
  keepRuns: null,
  keepOutputsDays: 30,
  keepInTray: true,
  startAtLogin: false,
  keepAwake: false,
  notifyFailed: true,
  notifyMissed: true,
  notifyWaiting: true,
  notifyPaused: true,
  notifyCompleted: false,
  schedulesPaused: null,
});

type Kept = Readonly<Record<string, unknown>>;

/**
 * settings.json. A slip in it must not keep the studio shut: a value that is not allowed counts as its default, and a copy of such a
 * file is put aside as `settings.json.broken-<now>` before anything is written over it. Keys it does not know stay in the file.
 */
export async function openSettings(path: string, defaults: Settings, now: () => number): Promise<SettingsStore> {
  const listeners = new Set<(settings: Settings) => void>();
  const found = await read(path);
  let kept: Kept = found ?? {};
  let settings = known(kept, defaults);
  if (found === null || Object.entries(settings).some(([name, value]) => Object.hasOwn(kept, name) && JSON.stringify(kept[name]) !== JSON.stringify(value))) await copyFile(path, `${path}.broken-${now()}`);

  const write = async (change: Partial<Settings>): Promise<Settings> => {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const next = Settings.safeParse({ ...settings, ...given });
    if (!next.success) {
      throw new StudioError('invalid_input', `The setting is not allowed: ${next.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}.`, { place: 'settings', remedy: 'Choose another value.' });
    }
    if (next.data.folder !== settings.folder) await usable(next.data.folder);
    const whole = { ...kept, ...next.data };
    await saveText(path, `${JSON.stringify(whole, null, 2)}\n`);
    kept = whole;
    settings = next.data;
    for (const listener of listeners) listener(settings);
    return settings;
  };

  let turn: Promise<unknown> = Promise.resolve();
  return {
    get: () => settings,
    save(change) {
      // One after the other: each starts from what the one before has made.
      const mine = turn.then(() => write(change));
      turn = mine.catch(() => undefined);
      return mine;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Refuses a folder that can't be used, before it is kept; a new one is made where its parent stands. */
async function usable(folder: string): Promise<void> {
  try {
    // Not `recursive`: that never ends where the system refuses, in /proc for example.
    if (!existsSync(folder)) await mkdir(folder);
    await access(folder, constants.W_OK);
  } catch (thrown) {
    throw fileError(thrown, folder);
  }
  if (!(await stat(folder)).isDirectory()) throw new StudioError('invalid_input', 'This is a file, not a folder.', { place: folder, remedy: 'Choose a folder.' });
}

/** An empty object where there is no file; null where there is one that is not an object of JSON. */
async function read(path: string): Promise<Kept | null> {
  try {
    const value: unknown = JSON.parse(await readText(path));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Kept) : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    const error = fileError(thrown, path);
    if (error.code === 'not_found') return {};
    if (error.message.includes('UTF-8')) return null;
    throw error;
  }
}

function known(kept: Kept, defaults: Settings): Settings {
  let settings = defaults;
  for (const name of Object.keys(defaults)) {
    if (!Object.hasOwn(kept, name)) continue;
    const tried = Settings.safeParse({ ...settings, [name]: kept[name] });
    if (tried.success) settings = tried.data;
  }
  return settings;
}
