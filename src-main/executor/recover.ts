import type { NewEvent } from '#shared/events';
import { runStream } from '#shared/events';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { Command } from '../engine/command.ts';
import { abandon } from '../engine/decide.ts';
import { record } from '../engine/record.ts';
import type { Instant } from '../engine/record.ts';
import type { Journal } from '../journal/journal.ts';
import { lostFacts } from './facts.ts';

const REASON = 'The studio ended while this run was going.';

/**
 * Ends what an earlier process left unfinished: each open attempt is lost, each run interrupted and then failed (or cancelled, where
 * that was asked for), so that nothing stays "running" for ever. `clean` removes what the run left half-written.
 */
export function recover(journal: Journal, instant: () => Instant, clean: (run: Run) => void): void {
  for (const id of journal.unfinished()) {
    const run = journal.run(id);
    if (run === null || isTerminal(run.status)) continue;
    clean(run);
    const now = instant();
    const stamp = (): { at: number; id: string } => ({ at: now.at, id: now.id() });
    const facts: readonly NewEvent[] = [...lostFacts(run, REASON, stamp), { type: 'WorkflowInterrupted', data: { reason: REASON, workedMs: 0 }, ...stamp() }];
    const found = replay(facts, run) ?? run;
    const skips = abandon(found, { code: 'worker_lost', message: REASON, remedy: 'Run it again.' });
    const commands: readonly Command[] = run.cancelRequested ? [...skips.filter((command) => command.kind === 'Skip'), { kind: 'Cancel' }] : skips;
    journal.append(runStream(id), run.version, [...facts, ...commands.flatMap((command) => record(command, found, now))]);
  }
}
