import { vi } from 'vitest';

/** Turns of the event loop after which what a timer has begun is at rest: a commit of a journal in memory takes two or three. */
const TURNS = 20;

/** Faked time passes (`vi.useFakeTimers`), timer after timer, and what each has begun comes to rest before the next one is due, however slow the machine is. */
export async function pass(ms: number): Promise<void> {
  let isOver = false;
  setTimeout(() => (isOver = true), ms);
  for (;;) {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
    if (isOver) return;
    vi.advanceTimersToNextTimer();
  }
}
