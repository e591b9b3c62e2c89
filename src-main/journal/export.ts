import type { Journal } from './journal.ts';
import { stepping } from './stepping.ts';

/**
 * All events as NDJSON, in order of position, one line each without its newline. What cannot be read is stepped over: a line
 * `{"damaged":{"from","to","reason"}}` names the positions, and the rest follows.
 */
export function* exportEvents(journal: Journal): Generator<string, void, undefined> {
  for (const step of stepping(journal.lastPosition(), (from, limit) => journal.readAll(from - 1, limit))) {
    if ('rows' in step) for (const event of step.rows) yield JSON.stringify(event);
    else yield JSON.stringify({ damaged: step });
  }
}
