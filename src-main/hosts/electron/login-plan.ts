import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Settings as LoginSettings } from 'electron';
import { HIDDEN } from './arguments.ts';
import { desktopEntry } from './autostart.ts';

/** What it takes to start this very app again. `dataDir`: as it was named at the start; null where it is the usual one. */
export interface Installed {
  readonly platform: string;
  /** The running program; an AppImage's is a copy that goes with it, so that `appImage` counts where it is set. */
  readonly executable: string;
  readonly appImage: string | undefined;
  /** Null where the program is the app's own; otherwise the folder that Electron is given. */
  readonly appFolder: string | null;
  readonly dataDir: string | null;
  /** Of Linux. */
  readonly autostart: string;
}

/** How the app is to be started at login: told to the system, or written to a file. Null where this app can't be started so. */
export type LoginPlan = { readonly kind: 'system'; readonly settings: LoginSettings } | { readonly kind: 'file'; readonly path: string; readonly text: string | null } | null;

/** A data folder of its own is an entry of its own: switching it off leaves the usual one's. */
const nameOf = (dataDir: string | null): string => (dataDir === null ? 'millrace' : `millrace-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`);

/** What is to be set so that the app is started at login, into the tray, or is not. */
export function loginPlan(wanted: boolean, { platform, executable, appImage, appFolder, dataDir, autostart }: Installed): LoginPlan {
  const args = [...(appFolder === null ? [] : [appFolder]), ...(dataDir === null ? [] : [`--data-dir=${dataDir}`]), HIDDEN];
  // macOS starts the app itself, without arguments: one that needs some is not the one it would start.
  if (platform === 'darwin') return args.length > 1 ? null : { kind: 'system', settings: { openAtLogin: wanted } };
  if (platform === 'win32') return { kind: 'system', settings: { openAtLogin: wanted, path: executable, args: args.map((one) => (/[\s"]/u.test(one) ? `"${one}"` : one)), name: nameOf(dataDir) } };
  return { kind: 'file', path: join(autostart, `${nameOf(dataDir)}.desktop`), text: wanted ? desktopEntry([appImage ?? executable, ...args]) : null };
}
