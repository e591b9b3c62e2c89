const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** Milliseconds as a schedule's file says them, in the largest unit that leaves nothing over: 90m. Parts of a second are rounded. */
export function spanText(ms: number): string {
  const whole = Math.round(ms / 1000) * 1000;
  const [unit, size] = UNITS.find(([, one]) => whole > 0 && whole % one === 0) ?? ['s', 1000];
  return `${whole / size}${unit}`;
}
