import type { SqlDriver } from '../sql/driver.ts';
import { readRows } from './read.ts';
import { writeRows } from './write.ts';

/** How long a server that was asked something may be silent before it is asked after on a second line. */
const SILENCE_MS = 30_000;

/** PostgreSQL by its own protocol: a portal that is fetched from, and COPY. `silenceMs` is for tests. */
export const createDriver = (silenceMs: number): SqlDriver => ({
  read: (connection, request, io) => readRows(connection, request, io, silenceMs),
  write: (connection, request, input, io, beforeCommit) => writeRows(connection, request, input, io, beforeCommit, silenceMs),
});

export default createDriver(SILENCE_MS);
