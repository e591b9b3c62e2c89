import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { Connection } from 'pg';
import type { ConnectionConfig } from 'pg';

/** Is given the bytes of one DataRow message, from its count of fields on. They are its own only until it returns. */
export type OnRow = (bytes: Buffer, start: number) => void;

/** pg's connection, whose rows go to whoever wants their bytes instead of becoming texts and messages first. */
export interface RowConnection extends Connection {
  /** While it is null, rows go the way of all messages. */
  onRow: OnRow | null;
}

const DATA_ROW = 68;
/** A message's kind and length. */
const HEADER = 5;

/** For pg's `Client`, as its connection. `heard` is told whenever something has come, and when what was held back could be sent. */
export function createRowConnection(config: ConnectionConfig, heard: () => void): RowConnection {
  const plain = new Connection(config);
  const { attachListeners } = plain as unknown as { readonly attachListeners: (this: Connection, stream: unknown) => void };
  const connection: RowConnection = Object.assign(plain, {
    onRow: null as OnRow | null,
    /** pg calls this once for the bare line, and again for the encrypted one. */
    attachListeners(stream: Duplex): void {
      const others = new EventEmitter();
      attachListeners.call(plain, others);
      const messages = splitter((bytes, start, end) => {
        if (bytes[start] === DATA_ROW && connection.onRow !== null) connection.onRow(bytes, start + HEADER);
        else others.emit('data', bytes.subarray(start, end));
      });
      stream.on('data', messages).on('data', heard).on('drain', heard);
      stream.on('end', () => others.emit('end'));
    },
  });
  return connection;
}

/** Cuts what arrives into whole messages. A long one is put together once, when all of it is there. */
function splitter(message: (bytes: Buffer, start: number, end: number) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = HEADER;
  return (chunk) => {
    parts.push(chunk);
    length += chunk.length;
    if (length < wanted) return;
    const bytes = parts.length === 1 ? chunk : Buffer.concat(parts, length);
    let at = 0;
    wanted = HEADER;
    while (at + HEADER <= length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > length) {
        wanted = end - at;
        break;
      }
      message(bytes, at, end);
      at = end;
    }
    parts = at === length ? [] : [bytes.subarray(at)];
    length -= at;
  };
}
