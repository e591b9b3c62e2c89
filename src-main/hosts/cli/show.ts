import { StudioError } from '#shared/errors';
import { RunId } from '#shared/ids';
import type { Journal } from '../../journal/journal.ts';
import { DONE, moment, printJson } from './output.ts';
import { reading } from './open-journal.ts';
import { printRun, runJson } from './run-report.ts';

/** A run's state after all events, or after the event of version `at`. */
export function show(dataDir: string, run: string, { at, json }: { readonly at: number | undefined; readonly json: boolean }): Promise<number> {
  return reading(dataDir, (journal) => {
    const id = findRun(journal, run);
    const state = journal.run(id, at);
    if (state === null) throw new StudioError('not_found', `There is no run "${run}" in the journal.`, { place: dataDir });
    const lines = journal.logs(id);
    if (json) {
      printJson({ ...runJson(state, [...lines]), version: state.version, requestedAt: state.requestedAt, startedAt: state.startedAt, endedAt: state.endedAt, trigger: state.trigger, revision: state.revision, file: state.file });
      return DONE;
    }
    process.stdout.write(`Asked for ${moment(state.requestedAt)} (${state.trigger.kind})${state.file === null ? '' : ` from ${state.file}`}; after event ${state.version}.\n`);
    for (const line of at === undefined ? lines : []) process.stdout.write(`${line.text}\n`);
    printRun(state);
    return DONE;
  });
}

/** The run of that id, or the one whose id starts so. Throws not_found, or invalid_input when several do. */
function findRun(journal: Journal, text: string): RunId {
  const id = RunId.safeParse(text);
  if (id.success && journal.run(id.data) !== null) return id.data;
  const found = text === '' ? [] : journal.runs({ search: text }, 0, 100).rows.filter((row) => row.id.startsWith(text.toLowerCase()));
  const [only, ...more] = found;
  if (only === undefined) throw new StudioError('not_found', `There is no run "${text}" in the journal.`, { remedy: 'See `millrace runs`.' });
  if (more.length > 0) throw new StudioError('invalid_input', `${found.length} runs have an id that starts with "${text}".`, { remedy: 'Give more of it.' });
  return only.id;
}
