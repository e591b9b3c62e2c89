import { once } from 'node:events';
import { createStudio } from '../../studio.ts';
import { forkWorkers } from '../../executor/fork.ts';
import { startServer } from './serve.ts';

export interface RunServerOptions {
  /** Absolute. */
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly version: string;
  /** The built worker and the folder of the built window, absolute. */
  readonly workerFile: string;
  readonly windowDir: string;
  /** Told once, when the server listens: the link that opens the window. */
  readonly onReady: (url: string) => void;
}

/**
 * Opens a studio, serves it until the process is asked to end (Ctrl+C, SIGTERM), then closes both in order. Throws conflict when
 * another process has the data folder, io when the port is taken.
 */
export async function runServer({ dataDir, port, version, workerFile, windowDir, onReady }: RunServerOptions): Promise<void> {
  const studio = await createStudio({ dataDir, host: 'server', version, spawn: forkWorkers(workerFile) });
  try {
    const server = await startServer(studio, { port, windowDir });
    const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    onReady(server.url);
    await asked;
    await server.close();
  } finally {
    await studio.close();
  }
}
