import { rmSync } from 'node:fs';
import { KINDS } from './jobs.ts';
import { playRound } from './round.ts';
import type { Kill } from './round.ts';
import { seeded } from '#shared/seeded.testing';
import { judge, PROMISES } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface Campaign {
  readonly kills: readonly Kill[];
  readonly rounds: number;
  readonly runs: number;
  readonly events: number;
  readonly seconds: number;
  readonly found: Verdict;
}

const never = (): boolean => false;

/** The jobs of a round: every kind once, and appends between them, because those must wait for one another. */
const roundKinds = (): readonly string[] => KINDS.flatMap((kind, index) => (index % 6 === 5 ? [kind, 'append'] : [kind]));

/** Kills until there were `goal`, on two folders at a time; the outcome of each folder is held against an undisturbed one. */
export async function campaign(built: string, goal: number, seed: number): Promise<Campaign> {
  const started = performance.now();
  const kinds = roundKinds();
  const calm = await playRound({ built, kinds, chance: seeded(seed), mayKill: never, openMs: 0 });
  if (calm.problems.length > 0) throw new Error(`The undisturbed round: ${calm.problems.join('\n')}`);
  const unwell = [...calm.ledger.ended].filter(([k, status]) => status !== (kinds[k] === 'fails' ? 'failed' : 'completed'));
  if (unwell.length > 0 || calm.ledger.ended.size !== kinds.length) throw new Error(`The undisturbed round: ${unwell.map(([k, status]) => `${kinds[k]} ${status}`).join(', ')}, ${calm.ledger.ended.size} of ${kinds.length} ended.`);
  const budget = { left: goal };
  const spend = (): void => {
    budget.left -= 1;
  };
  const kills: Kill[] = [];
  let [rounds, runs, events] = [0, 0, 0];
  const found = Object.fromEntries(PROMISES.map((promise) => [promise, [] as string[]])) as Record<keyof Verdict, string[]>;
  const lane = async (chance: () => number): Promise<void> => {
    while (budget.left > 0) {
      const round = await playRound({ built, kinds, chance, mayKill: () => budget.left > 0, onKill: spend, openMs: calm.openMs, calm: calm.work });
      const verdict = await judge(round, calm);
      for (const promise of PROMISES) found[promise].push(...verdict[promise].map((what) => `${what} (${round.folder})`));
      rounds += 1;
      runs += round.ledger.runs.size;
      events += round.ledger.events.size;
      kills.push(...round.kills);
      if (PROMISES.every((promise) => verdict[promise].length === 0)) rmSync(round.folder, { recursive: true, force: true });
    }
  };
  await Promise.all([lane(seeded(seed + 1)), lane(seeded(seed + 2))]);
  rmSync(calm.folder, { recursive: true, force: true });
  return { kills, rounds, runs, events, seconds: (performance.now() - started) / 1000, found };
}
