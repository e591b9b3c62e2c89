import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { replay } from '#shared/run/evolve';
import { createJournal } from '../../src-main/journal/sqlite.ts';
import { millrace } from './command-line.ts';
import { newRound } from './round.ts';
import { killNow, newLedger, startLife } from './studio-process.ts';

const NODE_EVENTS = 10_000;

test('a run of 10,000 node events, killed twice on its way, completes and can be looked at after any of them', async () => {
  const built = inject('built');
  const kinds = ['crowd'];
  const { folder, dataDir, work } = newRound(kinds);
  const ledger = newLedger();
  const began = performance.now();
  for (const enough of [2500, 6000, Infinity]) {
    const life = startLife(built, { dataDir, folder: work, kinds, atOnce: 1 }, ledger, 0);
    while (!life.isGone() && ledger.events.size < enough) await life.nextEvent();
    if (Number.isFinite(enough)) killNow(life.child.pid);
    expect([await life.gone, life.stderr.join('')]).toEqual([Number.isFinite(enough) ? 'SIGKILL' : 0, '']);
  }
  const seconds = (performance.now() - began) / 1000;
  const id = ledger.runs.get(0) ?? '';
  const journal = createJournal({ path: join(dataDir, 'journal.sqlite'), readOnly: true });
  const events = journal.read(`run-${id}`);
  expect(events.filter((event) => event.type.startsWith('Node')).length).toBeGreaterThanOrEqual(NODE_EVENTS);
  const run = journal.run(id as never);
  expect(run?.status).toBe('completed');
  expect(Object.values(run?.nodes ?? {}).filter((node) => node.status !== 'completed')).toEqual([]);
  const versions = [1, 2, 99, 100, 101, 2501, 5000, 7777, events.length - 1, events.length];
  for (const version of versions) expect(journal.run(id as never, version)).toEqual(replay(events.slice(0, version)));
  journal.close();
  for (const version of [2, 5000, events.length]) {
    const shown = JSON.parse((await millrace(built, ['show', id, '--at', String(version), '--json', '--data-dir', dataDir])).stdout) as { version: number; nodes: { status: string }[] };
    const then = replay(events.slice(0, version));
    expect(shown.version).toBe(version);
    expect(shown.nodes.map((node) => node.status)).toEqual(Object.values(then?.nodes ?? {}).map((node) => node.status));
  }
  const verified = spawnSync(process.execPath, [join(built, 'cli.js'), 'journal', 'verify', '--data-dir', dataDir], { encoding: 'utf8' });
  expect([verified.status, verified.stderr]).toEqual([0, '']);
  console.log(`${events.length} events of one run of ${Object.keys(run?.nodes ?? {}).length} nodes, with two kills, in ${seconds.toFixed(1)} s.`);
  rmSync(folder, { recursive: true, force: true });
}, 3_600_000);
