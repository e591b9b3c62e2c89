import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { halfOutputs } from './files.ts';
import { newRound } from './round.ts';
import type { Round } from './round.ts';
import { newLedger, startLife } from './studio-process.ts';
import { judge, PROMISES } from './verdict.ts';

/** Where a life ends: at the nth commit of events, or at the nth thing done to files. */
export interface Death {
  readonly preload: 'die-at-commit' | 'die-at-file';
  readonly at: number;
  readonly side: 'before' | 'after';
  readonly with?: 'studio' | 'worker';
}

const NEVER = { at: 0, side: 'before' } as const;
/** So long may one life last. */
const PATIENCE_MS = 300_000;

/** Does the jobs, life after life, each ending as its death says and the last one undisturbed. `done`: what `preload` watched in the last life, in order. */
export async function liveThrough(built: string, kinds: readonly string[], deaths: readonly Death[], preload: Death['preload'], calm?: string): Promise<Round & { readonly done: readonly string[]; readonly deaths: number }> {
  const { folder, dataDir, work } = newRound(kinds);
  const ledger = newLedger();
  const problems: string[] = [];
  const halves: string[] = [];
  const log = (index: number): string => join(folder, `log-${index}`);
  let died = 0;
  for (let index = 0; ; index += 1) {
    const death = deaths[index] ?? { preload, ...NEVER };
    const file = resolve(import.meta.dirname, `${death.preload}.ts`);
    const env = { DIE_AT: String(death.at), DIE_SIDE: death.side, DIE_WITH: death.with ?? 'studio', DIE_LOG: log(index), ...(death.preload === 'die-at-file' ? { NODE_OPTIONS: `--import ${file}` } : {}) };
    const life = startLife(built, { dataDir, folder: work, kinds, atOnce: 5 }, ledger, 0, { file, env });
    const patience = setTimeout(() => {
      problems.push(`A life went on for ever: paused ${JSON.stringify([...ledger.paused])}; ${life.stderr.join('').slice(0, 1000)}`);
      life.child.kill('SIGKILL');
    }, PATIENCE_MS);
    const how = await life.gone;
    clearTimeout(patience);
    died += how === 'SIGKILL' || existsSync(`${log(index)}.done`) ? 1 : 0;
    if (calm !== undefined) halves.push(...halfOutputs(work, calm));
    if (how === 'SIGKILL' && problems.length === 0) continue;
    if (how !== 0) problems.push(`A studio ended with ${how}: ${life.stderr.join('').slice(0, 1000)}`);
    if (ledger.paused.size > 0) problems.push(`Paused: ${JSON.stringify([...ledger.paused])}`);
    const done = existsSync(log(index)) ? readFileSync(log(index), 'utf8').trimEnd().split('\n') : [];
    return { folder, dataDir, work, kinds, ledger, kills: [], halves, openMs: 0, problems, done, deaths: died };
  }
}

export interface ExactResult {
  readonly cases: number;
  readonly deaths: number;
  readonly wrong: readonly string[];
}

/** Goes through the cases, two at a time, and holds each outcome against the undisturbed one of its kinds. */
export async function tryAll(built: string, calm: Round, preload: Death['preload'], cases: readonly (readonly Death[])[]): Promise<ExactResult> {
  const left = cases.map((deaths) => deaths);
  const wrong: string[] = [];
  const sum = { deaths: 0 };
  const lane = async (): Promise<void> => {
    for (let deaths = left.shift(); deaths !== undefined; deaths = left.shift()) {
      const round = await liveThrough(built, calm.kinds, deaths, preload, calm.work);
      const verdict = await judge(round, calm);
      const found = PROMISES.flatMap((promise) => verdict[promise]);
      const story = deaths.map((death) => `${death.side} ${death.at}${death.with === 'worker' ? ' (worker)' : ''}`).join(', then ');
      wrong.push(...found.map((what) => `${calm.kinds.join()}, killed ${story}: ${what} (${round.folder})`));
      sum.deaths += round.deaths;
      if (found.length === 0) rmSync(round.folder, { recursive: true, force: true });
    }
  };
  await Promise.all([lane(), lane()]);
  return { cases: cases.length, deaths: sum.deaths, wrong };
}
