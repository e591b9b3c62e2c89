interface Interval {
  readonly from: number;
  readonly to: number;
}

/** A long time in which nothing ran, drawn short. */
export interface Fold {
  readonly left: number;
  readonly width: number;
  readonly ms: number;
}

/** Time from left to right, in parts of the whole, where long standstills take little room. */
export interface Axis {
  readonly from: number;
  /** Milliseconds from end to end, above 0. */
  readonly span: number;
  /** Where a moment stands, from 0 to 1. */
  readonly at: (moment: number) => number;
  readonly folds: readonly Fold[];
  /** Milliseconds from the start that are worth a mark, and where. */
  readonly ticks: readonly { readonly ms: number; readonly left: number }[];
}

/** A standstill is folded when it takes more than this part of the whole, and a second at least. */
const FOLD_ABOVE = 0.3;
const FOLD_ABOVE_MS = 1000;
/** The part of the axis that each fold takes. */
const FOLD_WIDTH = 0.05;
const MOST_TICKS = 8;
const LONGEST_STEP = 864e5;
/** Round distances in milliseconds. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 432e5, LONGEST_STEP];

/** The times between `from` and `to` that no interval covers. */
function gaps(from: number, to: number, busy: readonly Interval[]): Interval[] {
  const found: Interval[] = [];
  let reached = from;
  for (const one of busy.toSorted((a, b) => a.from - b.from)) {
    if (one.from > reached) found.push({ from: reached, to: Math.min(one.from, to) });
    reached = Math.max(reached, one.to);
  }
  if (reached < to) found.push({ from: reached, to });
  return found;
}

/** The axis from one moment to another over what ran in between: what ran overnight and was interrupted stays readable. */
export function axisOver(from: number, to: number, busy: readonly Interval[]): Axis {
  const span = Math.max(1, to - from);
  const folded = gaps(from, from + span, busy).filter((gap) => gap.to - gap.from >= FOLD_ABOVE_MS && gap.to - gap.from > span * FOLD_ABOVE);
  // One fold can be all there is: a run that has not begun to work.
  const room = 1 - folded.length * FOLD_WIDTH;
  const shown = span - folded.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const at = (moment: number): number => {
    const clamped = Math.min(from + span, Math.max(from, moment));
    let passed = clamped - from;
    let left = 0;
    for (const gap of folded) {
      const inside = Math.min(Math.max(0, clamped - gap.from), gap.to - gap.from);
      passed -= inside;
      left += (inside / (gap.to - gap.from)) * FOLD_WIDTH;
    }
    return Math.min(1, left + (shown <= 0 ? 0 : (passed / shown) * room));
  };
  // Round distances up to the first fold; behind it figures would say too little, so each stretch only tells when it begins.
  const step = STEPS.find((one) => shown / one <= MOST_TICKS) ?? Math.ceil(shown / MOST_TICKS / LONGEST_STEP) * LONGEST_STEP;
  const round = Math.floor(((folded[0]?.from ?? from + span) - from) / step) + 1;
  const ticks: { ms: number; left: number }[] = [];
  for (const ms of [...Array.from({ length: round }, (_, index) => index * step), ...folded.map((gap) => gap.to - from)]) {
    const left = at(from + ms);
    if (left - (ticks.at(-1)?.left ?? -1) > 0.06) ticks.push({ ms, left });
  }
  return { from, span, at, folds: folded.map((gap) => ({ left: at(gap.from), width: FOLD_WIDTH, ms: gap.to - gap.from })), ticks };
}
