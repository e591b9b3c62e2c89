import { DatabaseError } from 'pg';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { explain } from './failures.ts';
import { open } from './link.ts';
import type { Link } from './link.ts';

const TRIES = 5;
const PAUSE_MS = 500;

/** What became of a transaction, asked on a line of its own; null where nothing can tell. */
async function outcome(connection: OpenConnection, transaction: string): Promise<'committed' | 'aborted' | null> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => void setTimeout(resolve, PAUSE_MS));
    try {
      const link = await open(connection, AbortSignal.timeout(5000));
      try {
        const { rows } = await link.ask(link.client.query<[string | null]>({ text: 'SELECT txid_status($1::bigint)', values: [transaction], rowMode: 'array' }));
        const status = rows[0]?.[0];
        if (status === 'committed' || status === 'aborted') return status;
      } finally {
        await link.close();
      }
    } catch {
      // It may come up again.
    }
  }
  return null;
}

/** Commits. Where the line breaks before the answer has come, the server is asked whether it has: a row is not written twice for a lost answer. */
export async function commit(connection: OpenConnection, link: Link): Promise<void> {
  const { rows } = await link.ask(link.client.query<[string | null]>({ text: 'SELECT txid_current_if_assigned()', rowMode: 'array' }));
  const transaction = rows[0]?.[0] ?? null;
  try {
    await link.ask(link.client.query('COMMIT'));
  } catch (thrown) {
    if (thrown instanceof DatabaseError || transaction === null) throw thrown;
    const found = await outcome(connection, transaction);
    if (found === 'committed') return;
    if (found === 'aborted') throw explain(thrown, link.settings, 'write');
    throw new StudioError('io', 'The connection was lost at the very end: it is not known whether the rows were written.', { place: link.settings.place, remedy: `Look into the table before running again; the transaction was ${transaction}.`, cause: thrown });
  }
}
