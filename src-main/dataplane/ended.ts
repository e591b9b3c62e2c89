import type { StepCount } from './profile.ts';
import type { Output } from './protocol.ts';

/** What the end of a segment did. Without counts the profile was read by nobody else. */
export interface Ended {
  readonly counts: readonly StepCount[];
  /** Rows that the last node gave by port. */
  readonly rowsOut: Readonly<Record<string, number>>;
  readonly outputs: readonly Output[];
  readonly report?: Readonly<Record<string, number>>;
}
