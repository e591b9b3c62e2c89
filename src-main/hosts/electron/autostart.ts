import { readFile, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { StudioError, toErrorInfo } from '#shared/errors';
import { fileError, saveText } from '../../library/files.ts';

/** The folder whose .desktop files a Linux session starts (XDG Autostart). A relative $XDG_CONFIG_HOME does not count, as that specification has it. */
export function autostartFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const named = env['XDG_CONFIG_HOME'];
  return join(named !== undefined && isAbsolute(named) ? named : join(home, '.config'), 'autostart');
}

/** A value of type string: the file is lines, and `\` begins an escape. */
const asString = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');

/** An argument of Exec, before it is written as a string: quoted where it must be, and `%` doubled, because `%f` would mean a file. */
function asArgument(text: string): string {
  const plain = /^[\w@+=:,./-]+$/u.test(text);
  return (plain ? text : `"${text.replaceAll(/["`$\\]/gu, (one) => `\\${one}`)}"`).replaceAll('%', '%%');
}

/** The file that starts `command` at login (Desktop Entry Specification 1.5). TryExec: where the program is gone, nothing is started. */
export function desktopEntry(command: readonly [executable: string, ...args: string[]]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    'Name=Millrace',
    'Comment=Starts the scheduler of Millrace in the tray',
    'Comment[zh_CN]=在托盘中启动 Millrace 计划',
    `Exec=${asString(command.map(asArgument).join(' '))}`,
    `TryExec=${asString(command[0])}`,
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Has the person switched it off in the desktop's own settings, which keep the file? */
const isSwitchedOff = (text: string): boolean => /^(?:Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/mu.test(text);

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    const error = fileError(thrown, path);
    if (error.code === 'not_found') return null;
    throw error;
  }
}

/**
 * Makes the file at `path` say `text`, atomically; null removes it. `asked`: a person has just said so, which counts for more than that
 * it was switched off in the desktop's settings before.
 */
export async function keepAutostart(path: string, text: string | null, asked: boolean): Promise<void> {
  try {
    const found = await read(path);
    if (text === null) return found === null ? undefined : await rm(path, { force: true });
    if (found === text || (found !== null && !asked && isSwitchedOff(found))) return;
    await saveText(path, text);
  } catch (thrown) {
    const { code, message, place = path, remedy = 'Check the rights of the folder.' } = toErrorInfo(thrown);
    throw new StudioError(code, `Starting at login could not be set: ${message}`, { place, remedy, cause: thrown });
  }
}
