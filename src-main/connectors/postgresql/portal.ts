import type { DuckDBValue } from '@duckdb/node-api';
import type { Connection, Submittable } from 'pg';
import type { Decoder } from './decode.ts';
import type { RowConnection } from './row-connection.ts';

export type Row = readonly DuckDBValue[];

/** The rows of a prepared statement, some at a time: the server sends the next ones while those before are worked on, and no more. */
export interface Portal extends Submittable {
  /** The next rows; null after the last. One call at a time. Rejects with what `misfit` made of a value. */
  next(): Promise<readonly Row[] | null>;
}

/** The values of one row, from its bytes: for each column its length (-1: NULL) and its text. `at` is told which column is read. */
function reader(decoders: readonly Decoder[], at: { column: number }): (bytes: Buffer, start: number) => Row {
  const width = decoders.length;
  const quick = decoders.map(({ bytes }) => bytes);
  const decodes = decoders.map(({ decode }) => decode);
  return (bytes, start) => {
    const row: DuckDBValue[] = [];
    let offset = start + 2;
    for (let column = 0; column < width; column += 1) {
      const length = bytes.readInt32BE(offset);
      offset += 4;
      if (length < 0) {
        row.push(null);
        continue;
      }
      const end = offset + length;
      const value = quick[column]?.(bytes, offset, end);
      if (value === undefined) {
        at.column = column;
        row.push((decodes[column] as Decoder['decode'])(bytes.toString('utf8', offset, end)));
      } else row.push(value);
      offset = end;
    }
    return row;
  };
}

/** For `client.query(portal)`, which calls it as it calls pg's own cursor. `values` are texts; `misfit` says of which row (from 0) and column a decoder has thrown. */
export function createPortal(statement: string, values: readonly (string | null)[], fetchRows: number, decoders: readonly Decoder[], misfit: (thrown: unknown, row: number, column: number) => Error): Portal {
  let wire: RowConnection | null = null;
  let rows: Row[] = [];
  /** Rows that have come and nobody has taken; there is one such batch at most. */
  let ready: Row[] | null = null;
  let before = 0;
  let ended = false;
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  const at = { column: 0 };
  const read = reader(decoders, at);
  const isWaiting = (): boolean => ready === null && failure === null && !ended;
  const stir = (): void => {
    wake?.();
    wake = null;
  };
  const fail = (error: Error): void => {
    failure ??= error;
    if (wire !== null) wire.onRow = null;
    stir();
  };
  const fetch = (): void => {
    rows = [];
    wire?.execute({ rows: fetchRows as unknown as string }, true);
    wire?.flush();
  };
  const take = (): void => {
    before += rows.length;
    ready = rows;
    stir();
  };
  const finish = (): void => {
    ended = true;
    if (wire !== null) wire.onRow = null;
    wire?.sync();
    take();
  };
  return {
    submit(connection: Connection): void {
      wire = connection as RowConnection;
      wire.onRow = (bytes, start) => {
        try {
          rows.push(read(bytes, start));
        } catch (thrown) {
          fail(misfit(thrown, before + rows.length, at.column));
        }
      };
      wire.bind({ statement, values: [...values] }, true);
      fetch();
    },
    // Rows that come after a failure.
    handleDataRow: (): void => undefined,
    handlePortalSuspended: take,
    handleCommandComplete: finish,
    handleEmptyQuery: finish,
    handleReadyForQuery: stir,
    handleError(error: Error): void {
      wire?.sync();
      fail(error);
    },
    async next(): Promise<readonly Row[] | null> {
      while (isWaiting()) await new Promise<void>((resolve) => void (wake = resolve));
      if (failure !== null) throw failure;
      const taken = ready;
      ready = null;
      if (taken !== null && !ended) fetch();
      return taken;
    },
  } as Portal;
}
