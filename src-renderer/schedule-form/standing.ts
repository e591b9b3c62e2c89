import type { ScheduleView } from '#shared/contract/schedules';
import { assertNever } from '#shared/errors';
import type { ScheduleDefinition } from '#shared/schedule/schedule';

/** Whether a schedule of the document is in force, and what it does: the line below its sentence. */
export type Standing =
  | { readonly kind: 'saved' | 'off' | 'waits' | 'running' | 'done' | 'manual' | 'notHere' }
  /** `inForce`: an earlier version of it is, until this one can be read and is saved. */
  | { readonly kind: 'broken' | 'unsaved'; readonly inForce: boolean }
  | { readonly kind: 'paused'; readonly by: 'person' | 'failure' | 'all'; readonly note: string }
  | { readonly kind: 'next'; readonly at: number };

interface Known {
  readonly definition: ScheduleDefinition | null;
  /** Does the file say the same? */
  readonly saved: boolean;
  /** What the scheduler has under its id; undefined where it has nothing, or nothing yet. */
  readonly view: Pick<ScheduleView, 'status' | 'paused' | 'next'> | undefined;
  /** Does this studio run schedules; undefined while it is not known. */
  readonly running: boolean | undefined;
}

/** From what is known of a schedule to the one thing that a person wants to know. */
export function standingOf({ definition, saved, view, running }: Known): Standing {
  if (definition === null) return { kind: 'broken', inForce: view !== undefined };
  if (!saved) return { kind: 'unsaved', inForce: view !== undefined };
  if (!definition.enabled) return { kind: 'off' };
  if (running === false) return { kind: 'notHere' };
  if (view === undefined) return { kind: 'saved' };
  if (view.paused !== null) return { kind: 'paused', by: view.paused.by, note: view.paused.note };
  switch (view.status) {
    case 'running':
      return { kind: 'running' };
    case 'done':
      return { kind: 'done' };
    case 'manual':
      return { kind: 'manual' };
    // Its file said so until a moment ago.
    case 'disabled':
    case 'paused':
      return { kind: 'saved' };
    case 'scheduled':
      return view.next === null ? { kind: 'waits' } : { kind: 'next', at: view.next };
    default:
      return assertNever(view.status);
  }
}

/** The schedules of a workflow in one word, for the button that opens them. `broken` goes before all: then none takes effect. */
export type Glance = 'none' | 'broken' | 'off' | 'paused' | 'set';
export function glanceOf(definitions: readonly (ScheduleDefinition | null)[], paused: number): Glance {
  if (definitions.length === 0) return 'none';
  if (definitions.includes(null)) return 'broken';
  if (definitions.every((one) => one?.enabled === false)) return 'off';
  return paused > 0 ? 'paused' : 'set';
}
