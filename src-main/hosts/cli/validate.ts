import { checkConnections } from '#shared/workflow/check-connections';
import { specTable } from '#shared/workflow/graph';
import { problemSentence } from '../../executor/prepare.ts';
import { openBook } from '../../library/connections/book.ts';
import { builtInNodes, specsOf } from '../../nodes/registry.ts';
import { connectionFiles } from '../../studio.ts';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { withTexts } from './check-file.ts';
import { DONE, INVALID, printAside, printJson } from './output.ts';
import { readWorkflowFile } from './read-file.ts';
import { toErrorInfo } from '#shared/errors';

/**
 * Says every problem at once; warnings alone leave a file valid. That a connection is not set up in the data folder is one: the file is in order,
 * and another computer may have it.
 */
export async function validate(path: string, { json, dataDir, spawn }: { readonly json: boolean; readonly dataDir: string; readonly spawn: SpawnWorker }): Promise<number> {
  try {
    const read = readWorkflowFile(path, builtInNodes);
    const { file, workflow } = read;
    const { connections } = await openBook(connectionFiles(dataDir), Date.now).read();
    const problems = [...(await withTexts(read, spawn)), ...checkConnections(workflow?.nodes ?? [], specTable(specsOf(builtInNodes)), connections)];
    const errors = problems.filter((problem) => problem.severity === 'error');
    if (json) printJson({ file, valid: errors.length === 0, problems });
    else if (errors.length === 0) process.stdout.write(`${file} is valid: ${workflow?.nodes.length ?? 0} nodes, ${workflow?.edges.length ?? 0} edges.\n`);
    if (!json) for (const problem of problems) printAside(`${problem.severity}: ${problemSentence(problem)}\n`);
    return errors.length === 0 ? DONE : INVALID;
  } catch (error) {
    if (json) printJson({ file: path, valid: false, problems: [], error: toErrorInfo(error) });
    throw error;
  }
}
