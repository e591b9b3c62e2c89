import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Another program that opens a DuckDB file: DuckDB's lock is one between processes. */
export interface Other {
  /** Opens the file, runs the statement, closes the file. Rows are texts. */
  run(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  /** Keeps the file open until `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  readonly pid: number;
  close(): Promise<void>;
}

const SCRIPT = `
import { DuckDBInstance } from '@duckdb/node-api';
let kept = null;
process.on('message', async ({ path, sql, keep }) => {
  try {
    if (kept !== null && keep === false) { kept.closeSync(); kept = null; process.send({ rows: [] }); return; }
    const instance = await DuckDBInstance.create(path);
    if (keep === true) { kept = instance; process.send({ rows: [] }); return; }
    const connection = await instance.connect();
    // The answer comes when the file is free again.
    let answer;
    try {
      const rows = (await connection.runAndReadAll(sql)).getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
      answer = { rows };
    } catch (error) {
      answer = { error: error.message };
    }
    connection.closeSync();
    instance.closeSync();
    process.send(answer);
  } catch (error) {
    process.send({ error: error.message });
  }
});
`;

/** Starts it. The caller closes it. */
export function startOther(path: string): Other {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (message: { readonly sql?: string; readonly keep?: boolean }): Promise<readonly (readonly (string | null)[])[]> => {
    const answer = turn.then(
      () =>
        new Promise<readonly (readonly (string | null)[])[]>((resolve, reject) => {
          child.once('message', (reply: { readonly rows?: readonly (readonly (string | null)[])[]; readonly error?: string }) => (reply.rows === undefined ? reject(new Error(reply.error)) : resolve(reply.rows)));
          child.send({ path, ...message });
        }),
    );
    turn = answer.catch(() => undefined);
    return answer;
  };
  return {
    run: (sql) => ask({ sql }),
    hold: async () => void (await ask({ keep: true })),
    release: async () => void (await ask({ keep: false })),
    pid: child.pid ?? -1,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}
