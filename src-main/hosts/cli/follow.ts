import type { LogLine, RunUpdate } from '#shared/contract/runs';
import { StudioError } from '#shared/errors';
import { folding } from '#shared/run/evolve';
import type { Run, RunStatus } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { Studio } from '../../studio-types.ts';
import { createLiveLine } from './live-line.ts';
import { CANCELLED, DONE, FAILED, printJson } from './output.ts';
import { printQuestion } from './question.ts';
import { lastLines, printFailure, printRun, runJson } from './run-report.ts';

/** How the command line ends when the run it was about has come to this. */
export const EXIT: Readonly<Record<RunStatus, number>> = { completed: DONE, failed: FAILED, cancelled: CANCELLED, interrupted: FAILED, paused: FAILED, queued: FAILED, running: FAILED };

/** A run as far as it was watched, with all its console. */
export interface Followed {
  readonly state: Run;
  readonly lines: readonly LogLine[];
}

/** Watches a run until it has ended and its samples are in, or until it waits for an answer; `hear` is told each update with the state after it, which changes with the next one. */
export async function watchToEnd(studio: Studio, id: Run['id'], hear: (update: RunUpdate, so: { readonly state: Run | null; readonly lines: readonly LogLine[] }) => void = () => undefined): Promise<Followed> {
  const lines: LogLine[] = [];
  const folded = folding();
  for await (const update of studio.executor.watch(id)) {
    if (update.kind === 'console') lines.push(...update.lines);
    if (update.kind === 'event') folded.add(update.event);
    const state = folded.run();
    hear(update, { state, lines });
    // A question of the past may have been answered since: only the last event tells.
    if (update.kind === 'event' && state?.status === 'paused' && studio.journal.run(id)?.version === state.version) break;
  }
  const state = folded.run();
  if (state === null) throw new StudioError('internal', 'The run left no events.', { place: id });
  return { state, lines };
}

/** Prints what comes, as it comes, and the result as soon as it stands; a question goes to standard error with the way to answer it. */
export async function follow(studio: Studio, id: Run['id'], json: boolean): Promise<Run> {
  const live = createLiveLine(!json && process.stderr.isTTY);
  const { state, lines } = await watchToEnd(studio, id, (update, so) => {
    if (update.kind === 'progress') live.show(update);
    if (update.kind === 'console' && !json) live.above(lastLines(update.lines, so.state));
    if (update.kind !== 'event' || so.state === null || !isTerminal(so.state.status)) return;
    live.end();
    printResult(so.state, so.lines, json);
  });
  live.end();
  if (!isTerminal(state.status)) printResult(state, lines, json);
  return state;
}

/** A table for a person, one object for a program; why it failed or what it asks on standard error. */
export function printResult(state: Run, lines: readonly LogLine[], json: boolean): void {
  if (json) {
    printJson(runJson(state, lines));
    printFailure(state);
  } else printRun(state, new Set(lines.map((line) => line.text)));
  printQuestion(state);
}
