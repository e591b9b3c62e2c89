import { join } from 'node:path';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { createStudio } from '../../studio.ts';
import { DONE } from './output.ts';
import { VERSION } from '../../version.ts';

export interface ServeOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly spawn: SpawnWorker;
  readonly appDir: string;
}

/** Serves the studio until SIGINT or SIGTERM. The address, with its token, is the one line on standard output. */
export async function serve({ dataDir, port, spawn, appDir }: ServeOptions): Promise<number> {
  const studio = await createStudio({ dataDir, host: 'server', version: VERSION, spawn, schedules: { askMissedMs: 30_000 } });
  try {
    const { startServer } = await import('../server/serve.ts');
    const server = await startServer(studio, { port, windowDir: join(appDir, '..', 'renderer') });
    process.stdout.write(`${server.url}\n`);
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
    });
    await server.close();
    return DONE;
  } finally {
    await studio.close();
  }
}
