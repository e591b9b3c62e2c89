import { errorSentence, toErrorInfo } from '#shared/errors';
import type { StudioEvent } from '#shared/events';
import type { Journal } from './journal.ts';

const PAGE = 500;

const gap = (from: number, to: number, reason: string): string => JSON.stringify({ damaged: { from, to, reason } });

/**
 * All events as NDJSON, in order of position, one line each without its newline. What cannot be read is stepped over: a line
 * `{"damaged":{"from","to","reason"}}` names the positions, and the rest follows.
 */
export function* exportEvents(journal: Journal): Generator<string, void, undefined> {
  const last = journal.lastPosition();
  let after = 0;
  let size = PAGE;
  let lost: { from: number; reason: string } | null = null;
  while (after < last) {
    let events: readonly StudioEvent[];
    try {
      events = journal.readAll(after, size);
    } catch (thrown) {
      // One by one up to the damage, then past it; at the first event that can be read again, pages again.
      if (size > 1) size = size > 32 ? 32 : 1;
      else {
        lost ??= { from: after + 1, reason: errorSentence(toErrorInfo(thrown)) };
        after += 1;
      }
      continue;
    }
    if (lost !== null) yield gap(lost.from, after, lost.reason);
    lost = null;
    for (const event of events) {
      yield JSON.stringify(event);
      after = event.position;
    }
    if (events.length < size) return;
    size = size === 1 ? 32 : PAGE;
  }
  if (lost !== null) yield gap(lost.from, last, lost.reason);
}
