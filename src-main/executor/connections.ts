import type { OpenConnection } from '#shared/connections/connection';
import { toErrorInfo } from '#shared/errors';
import { refusedReference } from '#shared/workflow/check-connections';
import type { ConnectionReference, NamedConnection } from '#shared/workflow/check-connections';
import { refuseInvalid } from './prepare.ts';
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

/** Throws invalid_workflow where a run's nodes name connections that are not there, or are of a kind they can't use: it would only fail at them. */
export function refuseUnconnected(named: readonly ConnectionReference[], connections: readonly NamedConnection[], workflow: string): void {
  const problems = named.flatMap((reference) => refusedReference(reference, connections) ?? []);
  refuseInvalid(problems.map((one) => ({ ...one, severity: 'error' })), workflow);
}
