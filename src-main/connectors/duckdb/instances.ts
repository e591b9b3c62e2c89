import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { checkFile } from '../sql/database-file.ts';
import { explain } from './failures.ts';

/** A file that this process has open: by those who read, or by the one who writes. */
interface Held {
  readonly mode: 'read' | 'write';
  readonly opening: Promise<Instance>;
  readonly gone: Promise<void>;
  readonly leave: () => void;
  users: number;
}

interface Instance {
  readonly duckdb: DuckDBInstance;
  readonly spill: string;
}

/** How long another program's lock is waited for, in ms. */
const PATIENCE_MS = 3000;
/** Of the instance, in MiB: the worker's own session takes most of what there is. Larger work spills to the system's folder for temporary files. */
const MEMORY = '512MiB';

const held = new Map<string, Held>();

async function open(path: string, mode: 'read' | 'write'): Promise<Instance> {
  const spill = mkdtempSync(join(tmpdir(), 'millrace-duckdb-'));
  try {
    const duckdb = await DuckDBInstance.create(path, {
      access_mode: mode === 'read' ? 'READ_ONLY' : 'READ_WRITE',
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
      memory_limit: MEMORY,
      threads: '2',
      temp_directory: spill,
    });
    const connection = await duckdb.connect();
    // A query reads this file and no other: not by a path, not by ATTACH, not by an extension.
    await connection.run("SET GLOBAL TimeZone = 'UTC'; SET enable_external_access = false; SET lock_configuration = true");
    connection.closeSync();
    return { duckdb, spill };
  } catch (thrown) {
    rmSync(spill, { recursive: true, force: true });
    throw thrown;
  }
}

async function patiently(path: string, mode: 'read' | 'write', signal: AbortSignal, patienceMs: number): Promise<Instance> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await open(path, mode);
    } catch (thrown) {
      if (!/Could not set lock/.test(String(thrown)) || performance.now() > until) throw thrown;
      await setTimeout(100, undefined, { signal });
    }
  }
}

async function shut(opening: Promise<Instance>): Promise<void> {
  const instance = await opening.catch(() => null);
  instance?.duckdb.closeSync();
  if (instance !== null) rmSync(instance.spill, { recursive: true, force: true });
}

function hold(path: string, mode: 'read' | 'write', signal: AbortSignal, patienceMs: number): Held {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const opening = patiently(path, mode, signal, patienceMs);
  opening.catch(() => undefined);
  const entry: Held = {
    mode, opening, gone, users: 1,
    leave() {
      entry.users -= 1;
      if (entry.users > 0) return;
      void shut(opening).finally(() => {
        held.delete(path);
        resolve();
      });
    },
  };
  held.set(path, entry);
  return entry;
}

const abortion = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/** A connection to the file. `close` is to be called once; it resolves when others may open the file. */
export interface Opened {
  readonly connection: DuckDBConnection;
  readonly made: boolean;
  close(): Promise<void>;
}

/**
 * Opens a file of a person's. The system's lock knows processes, not us: two instances of one file in this process would damage it, so
 * readers here share one, and who writes waits until they are done, as they do for it. Throws StudioError, and the signal's reason.
 */
export async function openFile(given: string, mode: 'read' | 'write', create: boolean, signal: AbortSignal, patienceMs = PATIENCE_MS): Promise<Opened> {
  const there = checkFile(given, create && mode === 'write');
  const path = there ? realpathSync(given) : join(realpathSync(dirname(given)), basename(given));
  let entry: Held | undefined;
  while (entry === undefined) {
    signal.throwIfAborted();
    const other = held.get(path);
    if (other === undefined) entry = hold(path, mode, signal, patienceMs);
    else if (mode === 'read' && other.mode === 'read' && other.users > 0) {
      other.users += 1;
      entry = other;
    } else await Promise.race([other.gone, abortion(signal)]);
  }
  const { leave, gone } = entry;
  try {
    const connection = await (await entry.opening).duckdb.connect();
    return {
      connection,
      made: !there,
      async close() {
        connection.closeSync();
        leave();
        if (mode === 'write') await gone;
      },
    };
  } catch (thrown) {
    leave();
    throw signal.aborted ? signal.reason : explain(thrown, given);
  }
}
