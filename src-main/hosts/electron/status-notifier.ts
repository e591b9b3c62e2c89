import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const PROPERTY = 'IsStatusNotifierHostRegistered';
const GET = 'org.freedesktop.DBus.Properties.Get';

/** Programs that ask the session's bus, one of which every Linux desktop has. Each prints `true` where something shows tray icons. */
const ASKING: readonly (readonly [program: string, ...args: string[]])[] = [
  ['gdbus', 'call', '--session', '--timeout', '2', '--dest', WATCHER, '--object-path', '/StatusNotifierWatcher', '--method', GET, WATCHER, PROPERTY],
  ['dbus-send', '--session', '--print-reply', '--reply-timeout=2000', `--dest=${WATCHER}`, '/StatusNotifierWatcher', GET, `string:${WATCHER}`, `string:${PROPERTY}`],
  ['busctl', '--user', '--timeout=2', 'get-property', WATCHER, '/StatusNotifierWatcher', WATCHER, PROPERTY],
];

/** What a program printed; null where there is no such program, empty where it failed. */
export type AskProgram = (program: string, args: readonly string[]) => Promise<string | null>;

const ask: AskProgram = (program, args) =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: 3000 }, (error, stdout) => resolve(error === null ? stdout : 'code' in error && error.code === 'ENOENT' ? null : ''));
  });

/** Does this desktop show tray icons (StatusNotifierItem)? Electron shows one all the same, and nobody would see it. */
export async function showsTrayIcons(run: AskProgram = ask): Promise<boolean> {
  for (const [program, ...args] of ASKING) {
    const answer = await run(program, args);
    if (answer !== null) return /\btrue\b/u.test(answer);
  }
  return false;
}

/** Asks until there is one, for `forMs` at most: at login a program may be started before the desktop's panel. */
export async function waitForTray(forMs: number, shows: () => Promise<boolean> = showsTrayIcons, everyMs = 1000): Promise<boolean> {
  for (let waited = 0; ; waited += everyMs) {
    if (await shows()) return true;
    if (waited >= forMs) return false;
    await pause(everyMs);
  }
}
