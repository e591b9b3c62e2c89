import { StudioError } from '#shared/errors';
import { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { Journal } from '../../journal/journal.ts';

/** The run of that id, or the one whose id starts so; null for none. Throws invalid_input when several do. */
export function runIfAny(journal: Journal, text: string): Run | null {
  const id = RunId.safeParse(text);
  const exact = id.success ? journal.run(id.data) : null;
  if (exact !== null) return exact;
  const found = text === '' ? [] : journal.runs({ search: text.slice(0, 200) }, 0, 100).rows.filter((row) => row.id.startsWith(text.toLowerCase()));
  const [only, ...more] = found;
  if (more.length > 0) throw new StudioError('invalid_input', `${found.length} runs have an id that starts with "${text}".`, { remedy: 'Give more of it.' });
  return only === undefined ? null : journal.run(only.id);
}

/** As `runIfAny`. Throws not_found for none. */
export function runIn(journal: Journal, text: string): Run {
  const run = runIfAny(journal, text);
  if (run === null) throw new StudioError('not_found', `There is no run "${text}" in the journal.`, { remedy: 'See `millrace runs`.' });
  return run;
}
