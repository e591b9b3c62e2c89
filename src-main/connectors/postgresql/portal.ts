import type { Connection, Submittable } from 'pg';

/** A row's values as PostgreSQL writes them. */
export type TextRow = readonly (string | null)[];

/** The rows of a prepared statement, some at a time: the server sends the next ones while those before are worked on, and no more. */
export interface Portal extends Submittable {
  /** The next rows; null after the last. One call at a time. */
  next(): Promise<readonly TextRow[] | null>;
}

/** For `client.query(portal)`, which calls it as it calls pg's own cursor. `values` are texts. */
export function createPortal(statement: string, values: readonly (string | null)[], fetchRows: number): Portal {
  let wire: Connection | null = null;
  let rows: TextRow[] = [];
  /** Rows that have come and nobody has taken; there is one such batch at most. */
  let ready: TextRow[] | null = null;
  let ended = false;
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  const isWaiting = (): boolean => ready === null && failure === null && !ended;
  const stir = (): void => {
    wake?.();
    wake = null;
  };
  const fetch = (): void => {
    rows = [];
    wire?.execute({ rows: fetchRows as unknown as string }, true);
    wire?.flush();
  };
  const finish = (): void => {
    ready = rows;
    ended = true;
    wire?.sync();
    stir();
  };
  return {
    submit(connection: Connection): void {
      wire = connection;
      wire.bind({ statement, values: [...values] }, true);
      fetch();
    },
    handleDataRow({ fields }: { readonly fields: TextRow }): void {
      rows.push(fields);
    },
    handlePortalSuspended(): void {
      ready = rows;
      stir();
    },
    handleCommandComplete: finish,
    handleEmptyQuery: finish,
    handleReadyForQuery: stir,
    handleError(error: Error): void {
      failure = error;
      wire?.sync();
      stir();
    },
    async next(): Promise<readonly TextRow[] | null> {
      while (isWaiting()) await new Promise<void>((resolve) => void (wake = resolve));
      if (failure !== null) throw failure;
      const taken = ready;
      ready = null;
      if (taken !== null && !ended) fetch();
      return taken;
    },
  } as Portal;
}
