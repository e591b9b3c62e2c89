import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { halfOutputs } from './files.ts';
import { job, layOut } from './jobs.ts';
import { pick } from '#shared/seeded.testing';
import { killNow, newLedger, startLife } from './studio-process.ts';
import type { Ledger, Life, Phase } from './studio-process.ts';

export type Victim = 'main' | 'worker' | 'all';

/** Who was killed, and what the studio was at. */
export interface Kill {
  readonly victim: Victim;
  readonly phase: Phase;
}

/** The jobs of a folder, done to the end by as many studio processes as it took. */
export interface Round {
  readonly folder: string;
  readonly dataDir: string;
  readonly work: string;
  readonly kinds: readonly string[];
  readonly ledger: Ledger;
  readonly kills: readonly Kill[];
  /** Files that were not whole under their final names when a studio was killed. */
  readonly halves: readonly string[];
  /** How long its last studio took to open, in milliseconds. */
  readonly openMs: number;
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
  /** How long a studio takes to open, here and now, in milliseconds. */
  readonly openMs: number;
  /** The folder of the same jobs undisturbed: at each death, what has a final name is held against it. */
  readonly calm?: string;
}

/** So long, at most, a studio works before it is struck, and so long it has to close, in milliseconds: any instant is as likely as the others. */
const [WORK_MS, CLOSE_MS] = [600, 40];
/** Nothing heard for so long: it stands still. */
const STILL_MS = 180_000;
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
export async function playRound({ built, kinds, chance, mayKill, onKill, openMs, calm }: Plot): Promise<Round> {
  const { folder, dataDir, work } = newRound(kinds);
  const ledger = newLedger();
  const kills: Kill[] = [];
  const problems: string[] = [];
  const halves: string[] = [];
  const orders = { dataDir, folder: work, kinds, atOnce: 5 };
  let risk = 0;
  for (;;) {
    const began = performance.now();
    const life = startLife(built, orders, ledger, risk);
    const opened = life.heard('open').then(() => performance.now() - began);
    await live(life);
    const how = await life.gone;
    risk = life.risk() + 1;
    if (how === 'SIGKILL' && calm !== undefined) halves.push(...halfOutputs(work, calm));
    if (how === 'SIGKILL') continue;
    if (how !== 0) problems.push(`A studio ended with ${how}: ${life.stderr.join('').slice(0, 2000)}`);
    if (ledger.paused.size > 0) problems.push(`Runs were paused: ${JSON.stringify([...ledger.paused])}`);
    return { folder, dataDir, work, kinds, ledger, kills, openMs: await opened, halves, problems };
  }

  /** Kills it, or its workers, until it is dead or done. */
  async function live(life: Life): Promise<void> {
    const quarrel = new AbortController();
    const rest = (ms: number): Promise<unknown> => Promise.race([pause(ms, undefined, { signal: quarrel.signal }).catch(() => undefined), life.gone]);
    void watchStill(life, quarrel.signal);
    try {
      while (!life.isGone() && mayKill()) {
        const victim: Victim = pick(chance, ['main', 'main', 'main', 'all', 'worker', 'worker', 'worker']);
        const when: Phase = victim === 'worker' ? 'working' : pick(chance, ['opening', 'opening', 'opening', 'working', 'working', 'working', 'working', 'working', 'working', 'closing']);
        if (when !== 'opening') await life.heard(when === 'closing' ? 'closing' : 'open');
        await rest(chance() * { opening: openMs, working: WORK_MS, closing: CLOSE_MS }[when]);
        while (life.risk() > MOST_RISK && !life.isGone()) await life.nextRisk();
        if (life.isGone()) return;
        const phase = life.phase();
        const struck = strike(life, victim, chance);
        if (struck) {
          kills.push({ victim, phase });
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
    if (!killNow(pid)) return false;
    life.dying.add(pid);
    return true;
  }
  const struck = killNow(life.child.pid);
  if (victim === 'all') for (const pid of life.workers) killNow(pid);
  return struck;
}
