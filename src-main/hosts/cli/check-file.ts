import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '#shared/workflow/workflow';
import { createAsking } from '../../executor/asking.ts';
import { graphOf } from '../../executor/prepare.ts';
import { withRefused } from '../../executor/texts.ts';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { builtInNodes, specsOf } from '../../nodes/registry.ts';
import type { WorkflowFile } from './read-file.ts';

/** Of the process that parses, in MiB: it sees no rows. */
const MEMORY_MB = 256;

/** Every problem of a file that was read, the SQL in it included. Only where there is SQL a process is started to parse it. */
export function withTexts({ workflow, problems, folder }: WorkflowFile, spawn: SpawnWorker): Promise<readonly Problem[]> {
  if (workflow === null) return Promise.resolve(problems);
  return withRefused(graphOf({ registry: builtInNodes, specs: specsOf(builtInNodes) }, workflow, folder), builtInNodes, problems, async (texts) => {
    const scratch = mkdtempSync(join(tmpdir(), 'millrace-check-'));
    const asking = createAsking(spawn, { memoryLimitMb: () => MEMORY_MB, scratch });
    try {
      return await asking.ask({ kind: 'texts', texts, job: null });
    } catch {
      // What can't be asked now is told by the run.
      return [];
    } finally {
      await asking.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}
