import type { LogLine } from '#shared/contract/runs';
import type { StudioEvent } from '#shared/events';
import type { NodeRun, Run } from '#shared/run/run';

/** The console as it was after the event of `version`; all of it where no moment is chosen. */
export function linesAt(lines: readonly LogLine[], version: number | null): readonly LogLine[] {
  if (version === null) return lines;
  // Lines come in order, so most of the time this is one cut.
  return lines.filter((line) => line.version <= version);
}

const completions = (node: NodeRun | undefined): number => node?.attempts.filter((one) => one.outcome === 'completed').length ?? 0;

/** Had the node given its rows by then? What it failed with counts where it goes on as rows. */
export const hasGiven = (node: NodeRun | undefined): boolean => node !== undefined && (node.status === 'completed' || node.diverted);

/** Did the node complete again after that moment? Only the rows of its last time are kept. */
export const gaveAgain = (then: Run, latest: Run, node: string): boolean => completions(latest.nodes[node]) > completions(then.nodes[node]);

/** What a run went through up to a moment: how often it was resumed, attempts that were lost, nodes that did not have to run. */
export function adventures(run: Run, events: readonly StudioEvent[]): { readonly resumed: number; readonly lost: number; readonly reused: number } {
  let resumed = 0;
  for (const event of events) {
    if (event.version > run.version) break;
    if (event.type === 'WorkflowResumed') resumed += 1;
  }
  const nodes = Object.values(run.nodes);
  return {
    resumed,
    lost: nodes.reduce((sum, node) => sum + node.attempts.filter((one) => one.outcome === 'lost').length, 0),
    reused: nodes.filter((node) => node.reusedFrom !== null).length,
  };
}

/** Runs of exported files are looked at under such ids; nothing can be done with them. */
export const isOpened = (run: string): boolean => run.startsWith('opened-');
