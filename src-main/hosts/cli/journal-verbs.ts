import { dataDir, isJson, whole, wholeNumber, withData, withJson } from './options.ts';
import type { Flags, Verbs } from './options.ts';

/** The verbs under `journal`. */
export function addJournalVerbs({ verb, end }: Verbs): void {
  const journal = verb('journal', 'Look after the journal');
  for (const [name, description] of [
    ['verify', 'Check every event and the hash chain, and compare the projections with them'],
    ['rebuild', 'Make projections and snapshots again from the events'],
    ['stats', 'Count what the journal holds'],
    ['export', 'Write every event as one line of JSON to standard output'],
  ] as const) {
    withJson(withData(verb(name, description, journal))).action(async (flags: Flags) => end(await (await import('./journal.ts')).journal(name, dataDir(flags), isJson(flags))));
  }
  withJson(withData(verb('retain', 'Remove the runs and kept outputs that the settings let go, and give their room back', journal)))
    .option('--days <n>', 'runs that ended longer ago go', wholeNumber(0, 36_500))
    .option('--runs <n>', 'at most so many ended runs stay', wholeNumber(0, 10_000_000))
    .action(async (flags: Flags) => end(await (await import('./retain.ts')).retain(dataDir(flags), { days: whole(flags, 'days'), runs: whole(flags, 'runs'), json: isJson(flags) })));
}
