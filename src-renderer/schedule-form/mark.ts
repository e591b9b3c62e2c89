import type { CronMistake } from '#shared/schedule/cron-expression';

/** A text cut where its mistake is: what stands before it, and what is marked; a blank where something is missing. */
export interface Mark {
  readonly before: string;
  readonly found: string;
}

/** Where to mark a mistake in the text that it was found in; null where there is none. */
export function markOf(text: string, mistake: CronMistake | null): Mark | null {
  if (mistake === null) return null;
  const start = mistake.position - 1;
  return { before: text.slice(0, start).padEnd(start, ' '), found: mistake.found === '' ? ' ' : text.slice(start, start + mistake.found.length) };
}
