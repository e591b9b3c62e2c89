import type { ConnectionKind, OpenConnection } from '#shared/connections/connection';
import { fromErrorInfo, StudioError } from '#shared/errors';
import type { FromWorker, ToWorker } from '../dataplane/protocol.ts';

/** A worker's way to connections: it asks its studio for one by name when a node needs it, and keeps none. */
export interface Asked {
  /** Throws not_found, invalid_input where it is of another kind, and permission where its secrets can't be opened. */
  connection(name: string, kinds: readonly ConnectionKind[]): Promise<OpenConnection>;
  receive(message: Extract<ToWorker, { kind: 'connection' }>): void;
}

/** `opened` is told of every connection before whoever asked: what was secret in it is to be kept out of all that the process says. */
export function createAsked(send: (message: FromWorker) => void, opened: (connection: OpenConnection) => void): Asked {
  const waiting = new Map<number, (message: Extract<ToWorker, { kind: 'connection' }>) => void>();
  let last = 0;
  return {
    async connection(name, kinds) {
      const id = (last += 1);
      const message = await new Promise<Extract<ToWorker, { kind: 'connection' }>>((resolve) => {
        waiting.set(id, resolve);
        send({ kind: 'connection', id, name });
      });
      if (!message.ok) throw fromErrorInfo(message.error);
      opened(message.connection);
      if (!kinds.includes(message.connection.kind)) {
        throw new StudioError('invalid_input', `The connection “${name}” is of the kind ${message.connection.kind}; this node needs ${kinds.join(' or ')}.`, { place: 'connection', remedy: 'Choose another connection.' });
      }
      return message.connection;
    },
    receive(message) {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    },
  };
}
