import { StudioError } from '#shared/errors';
import type { Compiled } from './compile.ts';
import { explainFailure } from './failures.ts';
import type { OpenRun } from './open-run.ts';
import { readProfile } from './profile.ts';
import { isVolatile } from './volatile.ts';

/** Throws cancelled once the run is. */
export function throwIfCancelled(run: OpenRun): void {
  if (run.abort.signal.aborted) throw new StudioError('cancelled', 'The run was cancelled.');
}

/** Runs work that a cancel may interrupt; whatever it throws after a cancel is the cancel. */
export async function interruptible<T>(run: OpenRun, work: () => Promise<T>, interrupt = (): void => run.session.interrupt()): Promise<T> {
  throwIfCancelled(run);
  run.interrupts.add(interrupt);
  try {
    return await work();
  } catch (error) {
    throwIfCancelled(run);
    throw explainFailure(error);
  } finally {
    run.interrupts.delete(interrupt);
  }
}

/** What a plan of the segment's statements is good for; null where they may tell the time, which a plan may hold as it was. */
export const stampFor = (run: OpenRun, { lineage }: Pick<Compiled, 'lineage'>): string | null => (isVolatile(lineage) ? null : run.context.stamp());

/** Runs a statement of a segment and answers its profile: what each operator took and gave. */
export async function runProfiled(run: OpenRun, compiled: Compiled, statement: string): Promise<ReturnType<typeof readProfile>> {
  return readProfile(await interruptible(run, () => run.session.profile(statement, stampFor(run, compiled))));
}
