import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';
import type { SqlIo, SqlWrite, SqlWritten } from '../sql/driver.ts';
import { explain, isLost } from './failures.ts';
import { inserting } from './insert.ts';
import type { Inserting } from './insert.ts';
import { killing, openSession } from './session.ts';
import type { Session } from './session.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { openTarget } from './table.ts';
import type { Target } from './table.ts';

/** How long the table that was made for nothing may take to be taken away again. */
const DROP_MS = 5000;

/** Takes away the table that this write has made: its CREATE was committed at once. By a new connection, because the first may be gone. */
async function dropMade(settings: Settings, target: Target, thrown: unknown): Promise<unknown> {
  try {
    const session = await openSession(settings, AbortSignal.timeout(DROP_MS));
    await session.run(`DROP TABLE IF EXISTS ${target.name}`).finally(() => session.close());
    return thrown;
  } catch {
    if (!(thrown instanceof StudioError)) return thrown;
    const { code, message, place, remedy = '', detail } = thrown;
    return new StudioError(code, message, { ...(place === undefined ? {} : { place }), remedy: `${remedy} The table ${target.name} was made, is empty, and could not be taken away again.`.trim(), ...(detail === undefined ? {} : { detail }), cause: thrown });
  }
}

async function commit(session: Session): Promise<void> {
  try {
    await session.run('COMMIT');
  } catch (thrown) {
    if (!isLost(thrown)) throw thrown;
    throw new StudioError('io', 'The connection was lost while the rows were committed: they are there, all of them, or none is.', { place: session.settings.place, remedy: 'Look into the table before running again.', cause: thrown });
  }
}

/** Writes in one transaction by statements of many rows. A missing table is made before it, because the server commits a CREATE at once; it is dropped where the write fails. */
export async function write(connection: OpenConnection, request: SqlWrite, input: AsyncIterable<Batch>, io: SqlIo, beforeCommit: (rows: number, columns: readonly Column[]) => Promise<void>): Promise<SqlWritten> {
  const settings = settingsOf(connection);
  const session = await openSession(settings, io.signal);
  const unwatch = killing(session, io.signal);
  let target: Target | null = null;
  let insert: Inserting | null = null;
  let columns: readonly Column[] = [];
  let committing = false;
  let committed = false;
  try {
    for await (const batch of input) {
      if (target === null || insert === null) {
        columns = batch.columns;
        const [[largest] = []] = await session.rows('SELECT @@max_allowed_packet');
        target = await openTarget(session, request, columns);
        await session.run('START TRANSACTION');
        // TRUNCATE would be committed at once.
        if (request.mode === 'truncate') await session.run(`DELETE FROM ${target.name}`);
        insert = inserting(session, target, Number(largest));
      }
      await insert.add(batch);
      io.signal.throwIfAborted();
    }
    if (target === null || insert === null) throw new StudioError('internal', 'The input gave no batch, so its columns are not known.', { place: settings.place });
    await insert.flush();
    await beforeCommit(insert.rows, columns);
    io.signal.throwIfAborted();
    committing = true;
    await commit(session);
    committed = true;
    const { rows, replaced } = insert;
    return { rows, created: target.created, ...(request.mode === 'upsert' ? { inserted: rows - replaced, updated: replaced } : {}) };
  } catch (thrown) {
    const told = io.signal.aborted && !committing ? io.signal.reason : explain(thrown, settings);
    await unwatch();
    if (!io.signal.aborted) await session.kill();
    throw target?.created === true && !committing ? await dropMade(settings, target, told) : told;
  } finally {
    await unwatch();
    if (committed) await session.close();
  }
}
