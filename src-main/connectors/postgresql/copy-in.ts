import type { Connection, Submittable } from 'pg';

/** A COPY … FROM STDIN under way: lines go in as fast as the server takes them. */
export interface CopyIn extends Submittable {
  /** Resolves when the server wants more; rejects with its refusal. */
  write(lines: string): Promise<void>;
  /** All lines were written: how many rows the server has. */
  end(): Promise<number>;
  /** Tells the server to forget them; resolves when it has. */
  abandon(): Promise<void>;
}

const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);
const HEADER = 5;
/** Bytes that go at once: on a slow line it is seen that they do go. */
const PIECE = 64 * 1024;

/** For `client.query(copyIn)`, which calls it as it calls pg's own queries. */
export function createCopyIn(text: string): CopyIn {
  const opened = Promise.withResolvers<void>();
  const done = Promise.withResolvers<number>();
  for (const promise of [opened.promise, done.promise]) promise.catch(() => undefined);
  let wire: Connection | null = null;
  let failure: Error | null = null;
  let rows = 0;
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      wire?.stream.once('drain', resolve);
      done.promise.then(() => resolve(), () => resolve());
    });
  return {
    submit(connection: Connection): void {
      wire = connection;
      connection.query(text);
    },
    handleCopyInResponse: (): void => opened.resolve(),
    handleCommandComplete({ text: said }: { readonly text: string }): void {
      rows = Number(/^COPY (\d+)/.exec(said)?.[1] ?? 0);
    },
    handleReadyForQuery: (): void => done.resolve(rows),
    handleError(error: Error): void {
      failure = error;
      opened.reject(error);
      done.reject(error);
    },
    async write(lines: string): Promise<void> {
      await opened.promise;
      if (failure !== null) throw failure;
      const bytes = Buffer.from(lines, 'utf8');
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE);
        const header = Buffer.allocUnsafe(HEADER);
        header[0] = COPY_DATA;
        header.writeUInt32BE(piece.length + 4, 1);
        wire?.stream.write(header);
        if (wire?.stream.write(piece) === false) await drained();
        if (failure !== null) throw failure as Error;
      }
    },
    async end(): Promise<number> {
      await opened.promise;
      wire?.stream.write(COPY_DONE);
      return done.promise;
    },
    async abandon(): Promise<void> {
      if (failure === null && wire !== null) (wire as unknown as { sendCopyFail(reason: string): void }).sendCopyFail('given up');
      await done.promise.then(() => undefined, () => undefined);
    },
  } as CopyIn;
}
