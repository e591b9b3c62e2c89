import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import { WorkflowId } from '#shared/ids';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { problemSentence } from '../../executor/prepare.ts';
import { createStudio } from '../../studio.ts';
import type { Library } from '../../studio-types.ts';
import { DONE, printJson } from './output.ts';
import { readText } from './read-file.ts';
import { VERSION } from '../../version.ts';

interface Place {
  readonly dataDir: string;
  readonly spawn: SpawnWorker;
}

async function withLibrary<T>({ dataDir, spawn }: Place, use: (library: Library) => Promise<T>): Promise<T> {
  const studio = await createStudio({ dataDir, host: 'cli', version: VERSION, spawn, warm: 0 });
  try {
    return await use(await studio.library());
  } finally {
    await studio.close();
  }
}

/** Copies a workflow's file, Millrace's own form or the seed's, into the library. */
export function importFile(path: string, options: Place & { readonly json: boolean }): Promise<number> {
  const file = resolve(path);
  const text = readText(file);
  return withLibrary(options, async (library) => {
    const { id, path: saved, problems } = await library.import(text, basename(file));
    if (options.json) printJson({ id, path: saved, problems });
    else process.stdout.write(`${id} → ${saved}\n`);
    for (const problem of options.json ? [] : problems) process.stderr.write(`${problem.severity}: ${problemSentence(problem)}\n`);
    return DONE;
  });
}

/** Writes the canonical text of a library's workflow to a file, or to standard output. */
export function exportWorkflow(id: string, options: Place & { readonly out: string | undefined }): Promise<number> {
  return withLibrary(options, async (library) => {
    const wanted = WorkflowId.safeParse(id);
    if (!wanted.success) throw new StudioError('invalid_input', 'This is not the id of a workflow.', { place: id });
    const { text } = await library.export(wanted.data);
    if (options.out === undefined) process.stdout.write(text);
    else await writeOut(resolve(options.out), text);
    return DONE;
  });
}

async function writeOut(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new StudioError('io', 'The file could not be written.', { place: file, remedy: 'Check that its folder is there and that you may write to it.', detail: String(error), cause: error });
  }
}
