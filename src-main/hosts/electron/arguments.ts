import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The folder that `--data-dir` names, absolute; null without it. Chromium's own switches stand among the arguments, and are left alone. */
export function dataDirArgument(args: readonly string[], workingFolder: string): string | null {
  const { values } = parseArgs({ args: [...args], options: { 'data-dir': { type: 'string' } }, strict: false });
  const given = values['data-dir'];
  if (typeof given !== 'string' || given === '') return null;
  return isAbsolute(given) ? given : resolve(workingFolder, given);
}
