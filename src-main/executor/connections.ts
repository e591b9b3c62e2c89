import type { OpenConnection } from '#shared/connections/connection';
import { toErrorInfo } from '#shared/errors';
import type { SpawnWorker } from './worker-port.ts';

/** Opens a connection by its name, secrets and all. Throws not_found, and permission where its secrets can't be opened. */
export type OpenByName = (name: string) => Promise<OpenConnection>;

/** Workers started this way are answered when they ask for a connection; nobody else hears of the question. */
export function answerConnections(spawn: SpawnWorker, open: OpenByName): SpawnWorker {
  return () => {
    const port = spawn();
    return {
      get pid() {
        return port.pid;
      },
      send: (message) => port.send(message),
      onMessage: (listener) =>
        port.onMessage((message) => {
          if (message.kind !== 'connection') return listener(message);
          const { id } = message;
          open(message.name).then(
            (connection) => port.send({ kind: 'connection', id, ok: true, connection }),
            (thrown: unknown) => port.send({ kind: 'connection', id, ok: false, error: toErrorInfo(thrown) }),
          );
        }),
      onExit: (listener) => port.onExit(listener),
      kill: () => port.kill(),
    };
  };
}
