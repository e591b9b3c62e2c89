import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import { WorkflowId } from '#shared/ids';
import { problemSentence } from '../../executor/prepare.ts';
import { sampleOf } from '../../executor/reused.ts';
import { createSampleStore } from '../../executor/samples.ts';
import { collectRun } from '../../run-file/collect.ts';
import { openedRuns } from '../../run-file/opened.ts';
import { looksLikeRun } from '../../run-file/read.ts';
import { runFileText } from '../../run-file/write.ts';
import { journalFile } from '../../studio.ts';
import type { Library, Studio } from '../../studio-types.ts';
import { VERSION } from '../../version.ts';
import { runIfAny } from './find-run.ts';
import { reading } from './open-journal.ts';
import { openStudio } from './open-studio.ts';
import type { StudioPlace } from './open-studio.ts';
import { DONE, printAside, printJson, writeOut } from './output.ts';
import { readText } from './read-file.ts';

async function withLibrary<T>(place: StudioPlace, use: (library: Library, studio: Studio) => Promise<T>): Promise<T> {
  const studio = await openStudio(place, false, 0, 0);
  try {
    return await use(await studio.library(), studio);
  } finally {
    await studio.close();
  }
}

/** Copies a workflow's file, Millrace's own form or the seed's, into the library; keeps an exported run to be looked at. */
export async function importFile(path: string, options: StudioPlace & { readonly json: boolean }): Promise<number> {
  const file = resolve(path);
  const text = readText(file);
  if (looksLikeRun(text)) {
    const run = await openedRuns(join(options.dataDir, 'opened')).open(text);
    if (options.json) printJson({ runId: run });
    else process.stdout.write(`${run}\nLook at it with: millrace show ${run}\n`);
    return DONE;
  }
  return withLibrary(options, async (library, studio) => {
    const { id, path: saved, problems } = await library.import(text, basename(file));
    const missing = await (await studio.connections()).missing((await library.open(id)).workflow);
    if (options.json) printJson({ id, path: saved, problems, missing });
    else process.stdout.write(`${id} → ${saved}\n`);
    for (const problem of options.json ? [] : problems) printAside(`${problem.severity}: ${problemSentence(problem)}\n`);
    for (const { name, kinds, nodes } of options.json ? [] : missing) printAside(`missing: the connection “${name}” (${kinds.join(' or ') || 'of several kinds'}), used by ${nodes.join(', ')}. Set it up with: millrace connections set ${JSON.stringify(name)} --kind ${kinds[0] ?? '…'}\n`);
    return DONE;
  });
}

export interface ExportOptions extends StudioPlace {
  readonly out: string | undefined;
  /** Of a run: its samples and pinned rows too. */
  readonly data: boolean;
}

/** Writes a run as one file without its secrets, or the canonical text of a library's workflow; to standard output where no file is named. */
export async function exportOne(id: string, options: ExportOptions): Promise<number> {
  const text = (await runText(id, options)) ?? (await workflowText(id, options));
  if (options.out === undefined) await writeOut(text);
  else await writeTo(resolve(options.out), text);
  return DONE;
}

/** A beginning this long is a run's; a shorter one may be the id of a workflow. */
const RUN_ID = /^[0-9a-f-]{8,}$/iu;

/** Null where no run has this id. Needs no studio: one may be at work. */
async function runText(id: string, { dataDir, data }: ExportOptions): Promise<string | null> {
  if (!existsSync(journalFile(dataDir))) return null;
  return reading(dataDir, async (journal) => {
    const run = RUN_ID.test(id) ? runIfAny(journal, id) : null;
    if (run === null) return null;
    const samples = createSampleStore(join(dataDir, 'samples'));
    const content = await collectRun(journal, run.id, data ? (of, node, port) => sampleOf(samples, (other) => journal.run(other), of, node, port) : null);
    return runFileText(content, { data, version: VERSION, now: Date.now() });
  });
}

const workflowText = (id: string, options: ExportOptions): Promise<string> =>
  withLibrary(options, async (library) => {
    const wanted = WorkflowId.safeParse(id);
    if (!wanted.success) throw new StudioError('invalid_input', 'This is not the id of a run or a workflow.', { place: id });
    return (await library.export(wanted.data)).text;
  });

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new StudioError('io', 'The file could not be written.', { place: file, remedy: 'Check that its folder is there and that you may write to it.', detail: String(error), cause: error });
  }
}
