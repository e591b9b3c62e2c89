import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { LogLine } from '#shared/contract/runs';
import type { Sample } from '#shared/data';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import type { StudioEvent } from '#shared/events';
import { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { sampleOf } from '../../executor/reused.ts';
import { createSampleStore } from '../../executor/samples.ts';
import type { RunContent } from '../../run-file/format.ts';
import { isOpened, openedRuns } from '../../run-file/opened.ts';
import { eventsOf, looksLikeRun, readRunFile, stateOf } from '../../run-file/read.ts';
import { runIn } from './find-run.ts';
import { reading } from './open-journal.ts';
import { readText } from './read-file.ts';
import { isHeld, standingRun } from './standing.ts';

/** What there is to look at of a run, wherever it comes from. */
export interface Shown {
  readonly state: Run;
  /** All of them, also where the state is an earlier one. */
  readonly events: readonly StudioEvent[];
  readonly lines: readonly LogLine[];
  /** Of a run that came from a file; null for one of the journal. */
  readonly opened: RunContent | null;
}

/** A run of the journal by its id or the beginning of it, or one that was exported to a file, by the file or the id under which it is kept. */
export async function shownRun(dataDir: string, text: string, at?: number): Promise<Shown> {
  const opened = await openedContent(dataDir, text);
  return opened === null ? ofJournal(dataDir, text, at) : ofContent(opened, at);
}

/** Null for what is neither a file nor the id of a run that was opened from one. */
async function openedContent(dataDir: string, text: string): Promise<RunContent | null> {
  if (isOpened(text)) {
    const kept = await openedRuns(join(dataDir, 'opened')).get(text);
    if (kept === null) throw new StudioError('not_found', 'The exported run is not kept any more.', { place: text, remedy: 'Open its file again.' });
    return kept;
  }
  const file = resolve(text);
  if (!existsSync(file) || !statSync(file).isFile()) return null;
  const content = readText(file);
  if (!looksLikeRun(content)) throw new StudioError('invalid_input', `${basename(file)} is not an exported run.`, { place: file, remedy: 'Name a run, or a file that `millrace export` wrote.' });
  return readRunFile(content);
}

function ofJournal(dataDir: string, text: string, at: number | undefined): Promise<Shown> {
  return reading(dataDir, (journal) => {
    const now = runIn(journal, text);
    const state = at === undefined ? standingRun(now, isHeld(dataDir)) : journal.run(now.id, at);
    if (state === null) throw new StudioError('not_found', `There is no run "${text}" in the journal.`, { place: dataDir });
    return { state, events: journal.read(runStream(now.id)), lines: journal.logs(now.id), opened: null };
  });
}

function ofContent(content: RunContent, at: number | undefined): Shown {
  const id = RunId.parse(content.run);
  const state = stateOf(content, id, at);
  if (state === null) throw new StudioError('invalid_input', 'The exported run has no state.', { place: id });
  return { state, events: eventsOf(content, id), lines: content.console, opened: content };
}

/** The rows kept of an output to look at; null where there are none. */
export async function sampleIn(dataDir: string, { state, opened }: Pick<Shown, 'state' | 'opened'>, node: string, port: string): Promise<Sample | null> {
  if (opened === null) return reading(dataDir, (journal) => sampleOf(createSampleStore(join(dataDir, 'samples')), (id) => journal.run(id), state.id, node, port));
  const ports = Object.hasOwn(opened.samples, node) ? opened.samples[node] : undefined;
  return ports !== undefined && Object.hasOwn(ports, port) ? (ports[port] ?? null) : null;
}
