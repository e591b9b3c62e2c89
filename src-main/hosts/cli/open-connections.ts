import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAsking } from '../../executor/asking.ts';
import { answerConnections } from '../../executor/connections.ts';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { acquireLock } from '../../journal/lock.ts';
import { openConnections } from '../../library/connections/connections.ts';
import { createKeyFileBox } from '../../library/connections/key-file.ts';
import { builtInNodes, specsOf } from '../../nodes/registry.ts';
import { connectionFiles, keyFile } from '../../studio.ts';
import type { Connections } from '../../studio-types.ts';
import { glanceAtSettings } from './glance.ts';

/** Of the process that tries a connection, in MiB: it sees no rows. */
const MEMORY_MB = 256;

/** The connections of a data folder, also while a studio is at work there: nothing may be saved through them. A test starts a process of its own. */
export function lookAtConnections(dataDir: string, spawn: SpawnWorker): Connections {
  const connections: Connections = openConnections({
    files: connectionFiles(dataDir),
    box: createKeyFileBox({ env: process.env, file: keyFile(dataDir) }),
    specs: specsOf(builtInNodes),
    folder: () => glanceAtSettings(dataDir).folder,
    library: null,
    clock: Date.now,
    async test(connection, folder) {
      const scratch = mkdtempSync(join(tmpdir(), 'millrace-test-'));
      const asking = createAsking(answerConnections(spawn, (name) => connections.open(name)), { memoryLimitMb: () => MEMORY_MB, scratch });
      try {
        return await asking.ask({ kind: 'test', connection, folder });
      } finally {
        await asking.close();
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  });
  return connections;
}

/** Changes them while no studio has the data folder. Throws conflict where one has. */
export async function changeConnections<T>(dataDir: string, spawn: SpawnWorker, change: (connections: Connections) => Promise<T>): Promise<T> {
  const lock = acquireLock(dataDir);
  try {
    return await change(lookAtConnections(dataDir, spawn));
  } finally {
    lock.release();
  }
}
