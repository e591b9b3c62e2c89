import { useEffect, useState } from 'react';
import { inSlices } from './slices.ts';

/** Half of what a frame of a 60 Hz screen has. */
const BUDGET_MS = 6;

/** The result of work that is done in slices; the last one stays until the next is ready. `work` begins anew when it is another function. */
export function useSliced<T>(work: () => Generator<undefined, T>): { readonly result: T | null; readonly busy: boolean } {
  const [done, setDone] = useState<{ readonly work: unknown; readonly result: T } | null>(null);
  useEffect(() => inSlices(work(), (result) => setDone({ work, result }), BUDGET_MS, () => performance.now(), (then) => void setTimeout(then, 0)), [work]);
  return { result: done?.result ?? null, busy: done?.work !== work };
}
