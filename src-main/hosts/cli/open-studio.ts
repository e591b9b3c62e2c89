import { toErrorInfo } from '#shared/errors';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { createStudio } from '../../studio.ts';
import type { Studio } from '../../studio-types.ts';
import { VERSION } from '../../version.ts';

export interface StudioPlace {
  readonly dataDir: string;
  readonly spawn: SpawnWorker;
}

/** How long another Millrace on the same data folder is waited for, in milliseconds: it may be a short run too. */
const PATIENCE_MS = 10_000;

/** A studio for one verb. `resume`: whether the runs that an earlier process left unfinished go on. */
export async function openStudio({ dataDir, spawn }: StudioPlace, resume: boolean, warm = 1, patience = PATIENCE_MS): Promise<Studio> {
  const giveUpAt = Date.now() + patience;
  for (let told = false; ; told = true) {
    try {
      return await createStudio({ dataDir, host: 'cli', version: VERSION, spawn, warm, resume });
    } catch (error) {
      if (toErrorInfo(error).code !== 'conflict' || Date.now() > giveUpAt) throw error;
      if (!told) process.stderr.write('Waiting for another Millrace that uses this data folder…\n');
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  }
}
