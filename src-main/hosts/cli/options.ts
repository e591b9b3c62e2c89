import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { defaultDataDir } from '../../data-dir.ts';
import type { SpawnWorker } from '../../executor/worker-port.ts';

/** What verbs are added with. */
export interface Verbs {
  readonly verb: (name: string, description: string, parent?: Command) => Command;
  readonly spawn: SpawnWorker;
  /** Says how the process is to end. */
  readonly end: (code: number) => void;
}

/** The options of a verb as they were given. */
export type Flags = Readonly<Record<string, string | number | boolean | undefined>>;
export const text = (flags: Flags, name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
export const whole = (flags: Flags, name: string): number | undefined => (typeof flags[name] === 'number' ? flags[name] : undefined);
export const isJson = (flags: Flags): boolean => flags['json'] === true;

/** An option's whole number from `min` to `max`. */
export const wholeNumber =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (value: string): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max || value.trim() === '') throw new InvalidArgumentError(`It must be a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}.`);
    return number;
  };

/** An option that is one of a few words. */
export const oneOf =
  (words: readonly string[]) =>
  (value: string): string => {
    if (!words.includes(value)) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return value;
  };

/** A day or a time, on the clock of this machine where it says nothing else: as milliseconds since the epoch. */
export function aTime(value: string): number {
  const at = /^\d{4}-\d\d-\d\d$/u.test(value) ? Date.parse(`${value}T00:00`) : Date.parse(value);
  if (!/^\d{4}-/u.test(value) || Number.isNaN(at)) throw new InvalidArgumentError('It must be a day or a time: 2026-03-01, or 2026-03-01T14:05.');
  return at;
}

/** Something was written. */
export function notEmpty(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

export const dataDir = (flags: Flags): string => resolve(text(flags, 'dataDir') ?? defaultDataDir(process.platform, process.env, homedir()));
export const withData = (command: Command): Command => command.option('--data-dir <folder>', 'where the journal and settings are (default: MILLRACE_DATA_DIR, or the platform\'s place)');
export const withJson = (command: Command): Command => command.option('--json', 'print one JSON object');
