import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Settings } from '#shared/contract/studio';
import { StudioError } from '#shared/errors';
import type { SettingsStore } from './studio-types.ts';

/** What holds until somebody chooses otherwise. `folder` is absolute. */
export const defaultSettings = (folder: string): Settings => ({ folder, language: 'system', theme: 'system', memoryLimitMb: null, workers: null });

/**
 * Opens settings.json. A missing file, and in a file that a hand has edited each value that is not allowed, counts as the default:
 * a slip there must not keep the studio shut. What the file holds besides is kept when it is written.
 */
export async function openSettings(file: string, folder: string): Promise<SettingsStore> {
  const listeners = new Set<(settings: Settings) => void>();
  let kept = await read(file);
  let settings = known(kept, defaultSettings(folder));
  let saving: Promise<unknown> = Promise.resolve();

  const write = async (change: Partial<Settings>): Promise<Settings> => {
    const next = Settings.parse({ ...settings, ...change });
    const whole = { ...kept, ...next };
    try {
      await writeAtomically(file, `${JSON.stringify(whole, null, 2)}\n`);
    } catch (error) {
      throw new StudioError('io', 'The settings could not be written.', { place: file, remedy: 'Make room on the disk, or see to it that you may write there.', detail: String(error), cause: error });
    }
    kept = whole;
    settings = next;
    for (const listener of listeners) listener(settings);
    return settings;
  };

  return {
    get: () => settings,
    save(change) {
      // One after the other: each starts from what the one before has made.
      const saved = saving.then(() => write(change));
      saving = saved.catch(() => undefined);
      return saved;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The old text or the new one, whatever happens meanwhile. */
async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

type Kept = Readonly<Record<string, unknown>>;

async function read(file: string): Promise<Kept> {
  try {
    const found: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Kept) : {};
  } catch {
    return {};
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
