import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Starts into the tray, without a window: how the app is started at login. */
export const HIDDEN = '--hidden';

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options: { 'data-dir': { type: 'string' }, hidden: { type: 'boolean' } }, strict: false }).values;
}

/** The folder that `--data-dir` names, absolute; null without it. Chromium's own switches stand among the arguments, and are left alone. */
export function dataDirArgument(args: readonly string[], workingFolder: string): string | null {
  const given = read(args)['data-dir'];
  if (typeof given !== 'string' || given === '') return null;
  return isAbsolute(given) ? given : resolve(workingFolder, given);
}

/** Is a start without a window asked for? */
export const isHidden = (args: readonly string[]): boolean => read(args)['hidden'] === true;
