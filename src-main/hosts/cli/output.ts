import { errorSentence } from '#shared/errors';
import type { ErrorCode, ErrorInfo } from '#shared/errors';

export const DONE = 0;
export const FAILED = 1;
export const INVALID = 2;
export const CANCELLED = 130;

const CODES: Readonly<Partial<Record<ErrorCode, number>>> = { invalid_input: INVALID, invalid_workflow: INVALID, cancelled: CANCELLED };
export const exitCodeOf = (code: ErrorCode): number => CODES[code] ?? FAILED;

/**
 * A text of a run or a file as a terminal may show it: control characters, which could move its cursor, rename its window or write to its
 * clipboard, are spelled out. Tabs and ends of lines stay.
 */
export const printable = (text: string): string => text.replaceAll(/(?![\t\n]|\r\n)\p{Cc}/gu, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Prints such a text on standard output. */
export const print = (text: string): void => void process.stdout.write(printable(text));
/** And on standard error. */
export const printAside = (text: string): void => void process.stderr.write(printable(text));

/** Place, cause, remedy; below, each problem of a workflow, or the first line of the technical text: never a stack. */
export function printError(error: ErrorInfo): void {
  const details = error.detail?.split('\n') ?? [];
  const problems = error.code === 'invalid_workflow' && details.length > 1;
  printAside(`millrace: ${problems ? error.message : errorSentence(error)}\n`);
  if (problems) for (const line of details) printAside(`  - ${line}\n`);
  else if (error.code === 'io' && details[0] !== undefined) printAside(`  (${details[0]})\n`);
}

/**
 * Lets a reader that goes away early (`| head`) go in peace: a run goes on to its end, and nothing more is printed. Answers whether
 * what was printed has reached its reader as far as it wanted it: a full disk is told on standard error, once.
 */
export function guardOutput(): { readonly isWhole: () => boolean } {
  let whole = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || !whole) return;
    whole = false;
    process.stderr.write(`millrace: standard output: What was to be printed could not be written (${error.message}). Check the disk, or print it elsewhere.\n`);
  });
  process.stderr.on('error', () => undefined);
  return { isWhole: () => whole };
}

/** Writes text and waits while its reader is slower than we are. Answers false when there is no reader any more. */
export async function writeOut(text: string): Promise<boolean> {
  const { stdout } = process;
  if (stdout.destroyed || stdout.errored !== null) return false;
  return new Promise((resolve) => {
    stdout.write(text, (error) => resolve(error === null || error === undefined));
  });
}

let answered = false;
/** Prints the one JSON object of a verb. */
export function printJson(value: unknown): void {
  answered = true;
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
/** Has that object been printed? A verb that fails before is answered with its error. */
export const hasAnswered = (): boolean => answered;

/** One line a row, columns as wide as their widest cell; `right` names those set to the right. The last column is not padded. */
export function table(titles: readonly string[], texts: readonly (readonly string[])[], right: readonly number[] = []): string {
  const [head = [], ...rows] = [titles, ...texts].map((row) => row.map((cell) => printable(cell).replaceAll(/\s*\n\s*/gu, ' ')));
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(shownWidth)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const fill = ' '.repeat(Math.max(0, (widths[column] ?? 0) - shownWidth(cell)));
        return right.includes(column) ? fill + cell : column === head.length - 1 ? cell : cell + fill;
      })
      .join('  ');
  return [head, ...rows].map((row) => `${line(row).trimEnd()}\n`).join('');
}

const WIDE = /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/gu;
/** Wide scripts take two places a letter in a terminal. */
const shownWidth = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);

export const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** 950 µs, 12 ms, 3.4 s, 2 min 5 s. */
export function duration(ms: number | null): string {
  if (ms === null) return '';
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** In the reader's own time: 2026-03-01 14:05:09. */
export const moment = (at: number | null): string => (at === null ? '' : new Date(at).toLocaleString('sv-SE'));
