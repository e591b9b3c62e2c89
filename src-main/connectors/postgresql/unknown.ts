import { DatabaseError } from 'pg';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { tableRemedy } from '../sql/failures.ts';
import { open } from './link.ts';

const UNDEFINED_TABLE = '42P01';

/** Tables, views and the like that a name without a schema can mean, and with their schema where it can't. */
export const TABLES = `SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' ORDER BY 1 LIMIT 1000`;

/** `explained`, with the tables that are there where the server knows none of the name that the query has. */
export async function explainUnknown(thrown: unknown, connection: OpenConnection, explained: Error): Promise<Error> {
  if (!(thrown instanceof DatabaseError) || thrown.code !== UNDEFINED_TABLE || !(explained instanceof StudioError)) return explained;
  const name = /relation "(.*)" does not exist/.exec(thrown.message)?.[1];
  if (name === undefined) return explained;
  try {
    // The session of the query is in a failed transaction: another one is asked.
    const link = await open(connection, AbortSignal.timeout(5000));
    try {
      const { rows } = await link.ask(link.client.query<[string]>({ text: TABLES, rowMode: 'array' }));
      return new StudioError('node_failed', explained.message, { place: link.settings.place, remedy: tableRemedy(name, rows.map(([table]) => table)), ...(explained.detail === undefined ? {} : { detail: explained.detail }), cause: thrown });
    } finally {
      await link.close();
    }
  } catch {
    return explained;
  }
}
