import { StudioError } from '#shared/errors';
import { noTable } from '../sql/failures.ts';

const MESSAGE = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : '');
/** The sentence without DuckDB's kind before it and the drawing of the statement after it. */
const sentence = (message: string): string => (message.split(/\n\s*\n?LINE \d+:/)[0] ?? message).replace(/^[A-Za-z-]+(?: [A-Za-z]+)* Error: /, '').replaceAll(/\s*\n\s*/g, ' ').replace(/([^.!?])$/, '$1.').trim();

interface Rule {
  readonly when: RegExp;
  readonly say: (found: RegExpExecArray) => readonly [code: StudioError['code'], message: string, remedy: string];
}

const RULES: readonly Rule[] = [
  {
    when: /Conflicting lock is held in (.+?) \(PID (\d+)\)/,
    say: ([, program = '', pid = '']) => ['conflict', `The database is open in another program: ${program.split('/').at(-1) ?? ''}, process ${pid}.`, 'Close it there. DuckDB lets several programs read a file at once, but none while another writes.'],
  },
  { when: /Could not set lock on file/, say: () => ['conflict', 'The database is open in another program.', 'Close it there. DuckDB lets several programs read a file at once, but none while another writes.'] },
  { when: /not a valid DuckDB database file/, say: () => ['io', 'The file is not a DuckDB database.', 'Choose another file.'] },
  {
    when: /(?:storage|database file).*version(?: number)? (\d+)|version number (\d+)/,
    say: ([, one, other]) => ['unsupported', `The file has a storage version (${one ?? other ?? ''}) that this DuckDB can't read.`, 'A newer DuckDB has made it: copy it there with an older STORAGE_VERSION. Of one older than DuckDB 0.10: export it there, and import it with a newer one.'],
  },
  { when: /Corrupt database file|checksum/i, say: () => ['io', 'The database’s file is damaged.', 'Restore it from a copy.'] },
  { when: /No space left on device|Disk quota exceeded/, say: () => ['io', 'The disk is full.', 'Free some space. The transaction was undone: nothing of it is in the database.'] },
  { when: /Permission denied|Read-only file system/, say: () => ['permission', 'The system refuses access to the database’s file.', 'Check the permissions of the file and its folder.'] },
  { when: /file system operations are disabled|Permission Error/, say: () => ['permission', 'The query reaches for a file, and may read this database only.', 'Read other files with a node of their own.'] },
  { when: /^Out of Memory Error/, say: () => ['node_failed', 'The work needed more memory than its limit.', 'Ask for fewer rows or columns at once.'] },
  { when: /^(Constraint|TransactionContext) Error/, say: () => ['node_failed', '', 'Correct the rows before they come here, or choose another mode.'] },
];

/** What DuckDB threw, as a sentence with the file as its place. Errors that are ours already stay. `known`: the tables that are there. */
export function explain(thrown: unknown, path: string, known: readonly string[] = []): unknown {
  if (!(thrown instanceof Error) || ('code' in thrown && typeof thrown.code === 'string')) return thrown;
  const message = MESSAGE(thrown);
  const missing = /Table with name (.+?) does not exist!/.exec(message)?.[1];
  if (missing !== undefined) return noTable(path, missing.split('.').at(-1) ?? missing, known);
  for (const { when, say } of RULES) {
    const found = when.exec(message);
    if (found === null) continue;
    const [code, words, remedy] = say(found);
    return new StudioError(code, words === '' ? `DuckDB says: ${sentence(message)}` : words, { place: path, remedy, detail: message, cause: thrown });
  }
  return new StudioError('node_failed', `DuckDB says: ${sentence(message)}`, { place: path, remedy: 'Correct the query or the names in it.', detail: message, cause: thrown });
}
