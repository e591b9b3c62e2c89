import type { JsonObject } from '#shared/json';
import type { StepCount } from './profile.ts';
import type { Output } from './protocol.ts';

/** What the end of a segment did. Without counts the profile was read by nobody else. */
export interface Ended {
  readonly counts: readonly StepCount[];
  /** Rows that the last node gave by port. */
  readonly rowsOut: Readonly<Record<string, number>>;
  readonly outputs: readonly Output[];
  readonly report?: Readonly<Record<string, number>>;
  /** What its last node asks to be done after the run's work. */
  readonly afterwards?: JsonObject;
}
