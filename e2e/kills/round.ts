import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { job, layOut } from './jobs.ts';
import { pick } from './seeded.ts';
import { killNow, newLedger, startLife } from './studio-process.ts';
import type { Ledger, Life } from './studio-process.ts';

export type Victim = 'main' | 'worker' | 'all';

export interface Kills {
  readonly main: number;
  readonly worker: number;
  readonly all: number;
}

/** The jobs of a folder, done to the end by as many studio processes as it took. */
export interface Round {
  readonly folder: string;
  readonly dataDir: string;
  readonly work: string;
  readonly kinds: readonly string[];
  readonly ledger: Ledger;
  readonly kills: Kills;
  /** Empty when all went well. */
  readonly problems: readonly string[];
}

export interface Plot {
  readonly built: string;
  readonly kinds: readonly string[];
  readonly chance: () => number;
  /** Asked before each kill: may there be one more? */
  readonly mayKill: () => boolean;
  readonly onKill?: () => void;
}

/** A life without a kill lasts about so long; kills come at any instant of it, in milliseconds. */
const SPAN_MS = 900;
/** Nothing heard for so long: it stands still. */
const STILL_MS = 45_000;
/** A third interruption in vain ends a run: the campaign, unlike a crash that has a cause, lets it get on before that. */
const MOST_RISK = 2;

export function newRound(kinds: readonly string[]): { readonly folder: string; readonly dataDir: string; readonly work: string } {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kills-'));
  const [dataDir, work] = [join(folder, 'data'), join(folder, 'work')];
  mkdirSync(work);
  layOut(work, kinds.map((kind, k) => job(k, kind)));
  return { folder, dataDir, work };
}

/** Runs the jobs in a folder of their own, killing studios and workers as `plot` has it. */
export async function playRound({ built, kinds, chance, mayKill, onKill }: Plot): Promise<Round> {
  const { folder, dataDir, work } = newRound(kinds);
  const ledger = newLedger();
  const kills = { main: 0, worker: 0, all: 0 };
  const problems: string[] = [];
  const orders = { dataDir, folder: work, kinds, atOnce: 5 };
  let risk = 0;
  for (;;) {
    const life = startLife(built, orders, ledger, risk);
    await live(life);
    const how = await life.gone;
    risk = life.risk() + 1;
    if (how === 'SIGKILL') continue;
    if (how !== 0) problems.push(`A studio ended with ${how}: ${life.stderr.join('').slice(0, 2000)}`);
    if (ledger.paused.size > 0) problems.push(`Runs were paused: ${JSON.stringify([...ledger.paused])}`);
    return { folder, dataDir, work, kinds, ledger, kills, problems };
  }

  /** Kills it, or its workers, until it is dead or done. */
  async function live(life: Life): Promise<void> {
    const quarrel = new AbortController();
    const rest = (ms: number): Promise<unknown> => Promise.race([pause(ms, undefined, { signal: quarrel.signal }).catch(() => undefined), life.gone]);
    void watchStill(life, quarrel.signal);
    try {
      while (!life.isGone() && mayKill()) {
        const victim: Victim = pick(chance, ['main', 'main', 'main', 'all', 'worker', 'worker']);
        const atClose = victim !== 'worker' && chance() < 0.1;
        if (atClose) await life.heard('closing');
        if (victim === 'worker') await life.heard('open');
        await rest(atClose ? chance() * 30 : chance() * SPAN_MS);
        while (life.risk() > MOST_RISK && !life.isGone()) await life.nextRisk();
        if (life.isGone()) return;
        const struck = strike(life, victim, chance);
        if (struck) {
          kills[victim] += 1;
          onKill?.();
        }
        if (victim !== 'worker' && struck) return;
      }
      await life.gone;
    } finally {
      quarrel.abort();
    }
  }

  async function watchStill(life: Life, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !life.isGone()) {
      await pause(1000, undefined, { signal }).catch(() => undefined);
      if (performance.now() - life.heardAt() < STILL_MS || life.isGone()) continue;
      problems.push(`It stood still: asked ${ledger.asked.size}, ended ${ledger.ended.size}, paused ${JSON.stringify([...ledger.paused])}; ${life.stderr.join('').slice(0, 2000)}`);
      life.child.kill('SIGTERM');
      return;
    }
  }
}

function strike(life: Life, victim: Victim, chance: () => number): boolean {
  if (victim === 'worker') {
    const pid = pick(chance, [...life.workers]);
    life.workers.delete(pid);
    return killNow(pid);
  }
  const struck = killNow(life.child.pid);
  if (victim === 'all') for (const pid of life.workers) killNow(pid);
  return struck;
}
