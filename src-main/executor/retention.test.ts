import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runStream } from '#shared/events';
import type { NewEvent } from '#shared/events';
import { NodeId, RunId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import type { Journal } from '../journal/journal.ts';
import { createJournal } from '../journal/sqlite.ts';
import { createRetention } from './retention.ts';
import type { Limits, Retention } from './retention.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.now();
const NO_LIMITS: Limits = { keepDays: null, keepRuns: null, keepOutputsDays: null };

let dataDir: string;
let journal: Journal;
let ids = 0;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-retention-'));
  mkdirSync(join(dataDir, 'samples'));
  mkdirSync(join(dataDir, 'outputs'));
  journal = createJournal({ path: join(dataDir, 'journal.sqlite') });
});
afterEach(() => {
  journal.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const retention = (limits: Partial<Limits> = {}): Retention => createRetention({ journal, dataDir, settings: () => ({ ...NO_LIMITS, ...limits }), clock: () => NOW, id: () => `retained-${(ids += 1)}` });

const hashOf = (letter: string): string => letter.repeat(64);
const outputFile = (hash: string): string => join(dataDir, 'outputs', hash.slice(0, 2), `${hash}.parquet`);
const put = (path: string, text = 'rows', at = NOW): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  utimesSync(path, at / 1000, at / 1000);
  return path;
};
const samplesOf = (run: string): string => join(dataDir, 'samples', `${run}.json`);

/** A run that ended so many days ago and kept these outputs. */
function aRun(run: string, daysAgo: number, kept: readonly string[] = [], end: 'completed' | 'none' = 'completed'): void {
  const events = runHistory({ run, at: NOW - daysAgo * DAY, nodes: 3, end });
  const outputs = kept.map((hash, at): NewEvent => ({ type: 'NodeOutputCommitted', at: NOW - daysAgo * DAY, id: `${run}-kept-${at}`, data: { node: NodeId.parse('node-1'), attempt: 1, port: `out${at}`, path: null, rows: 1, bytes: 4, hash } }));
  journal.append(runStream(run), 'none', [...events.slice(0, 3), ...outputs, ...events.slice(3)]);
  put(samplesOf(run), 'samples');
  for (const hash of kept) put(outputFile(hash));
}
const listed = (): readonly string[] => journal.runs({}, 0, 500).rows.map((row) => row.id);

test('without a limit nothing goes', async () => {
  aRun('old', 1000, [hashOf('a')]);
  expect(await retention().retain()).toMatchObject({ runs: 0, outputs: 0 });
  expect([existsSync(samplesOf('old')), existsSync(outputFile(hashOf('a')))]).toEqual([true, true]);
});

test('runs older than a day count go with their samples and outputs, others and unfinished ones stay', async () => {
  aRun('old', 40, [hashOf('a'), hashOf('b')]);
  aRun('open', 40, [hashOf('c')], 'none');
  aRun('new', 2, [hashOf('b')]);
  const found = await retention({ keepDays: 30 }).retain();
  expect(found).toMatchObject({ runs: 1, outputs: 1 });
  expect(found.freedBytes).toBeGreaterThanOrEqual('samples'.length + 'rows'.length);
  expect(listed()).toEqual(['new', 'open']);
  expect(['old', 'open', 'new'].map((run) => existsSync(samplesOf(run)))).toEqual([false, true, true]);
  expect(['a', 'b', 'c'].map((letter) => existsSync(outputFile(hashOf(letter))))).toEqual([false, true, true]);
  expect(journal.verify().problems).toEqual([]);
});

test('the newest so many stay, and limits given stand in place of the settings', async () => {
  for (let at = 0; at < 120; at++) aRun(`r${String(at).padStart(3, '0')}`, 120 - at);
  expect(await retention().retain({ keepRuns: 3 })).toMatchObject({ runs: 117 });
  expect(listed()).toEqual(['r119', 'r118', 'r117']);
  expect(readdirSync(join(dataDir, 'samples')).toSorted()).toEqual(['r117.json', 'r118.json', 'r119.json']);
});

test('outputs go before their runs, but not those that an unfinished run has or may take over', async () => {
  aRun('gone', 40, [hashOf('a')]);
  aRun('origin', 40, [hashOf('b')]);
  aRun('open', 40, [hashOf('c')], 'none');
  aRun('fresh', 1, [hashOf('d')]);
  const [request] = runHistory({ run: 'again' });
  if (request?.type !== 'WorkflowRequested') throw new Error('A history begins with its request.');
  journal.append(runStream('again'), 'none', [{ ...request, data: { ...request.data, origin: { kind: 'rerun', run: RunId.parse('origin'), version: 5, from: null } } }]);
  expect(await retention({ keepOutputsDays: 30 }).retain()).toMatchObject({ runs: 0, outputs: 1 });
  expect(['a', 'b', 'c', 'd'].map((letter) => existsSync(outputFile(hashOf(letter))))).toEqual([false, true, true, true]);
  expect(listed()).toHaveLength(5);
});

test('what nobody names goes: samples of no run at the first call, outputs once they are not fresh, halves of processes that are gone', async () => {
  aRun('here', 1);
  const stray = put(samplesOf('01a20b99-c312-7000-bfaf-e85b6a4841b0'), 'stray');
  const mine = put(join(dataDir, 'samples', 'orders.json'), 'a person’s own');
  const old = put(outputFile(hashOf('a')), 'old', NOW - 2 * 60 * 60 * 1000);
  const fresh = put(outputFile(hashOf('b')), 'fresh', NOW - 60_000);
  const dead = put(join(dataDir, 'outputs', '.kept.2147480000.part'));
  const alive = put(join(dataDir, 'outputs', `.kept.${process.pid}.part`));
  const foreign = put(join(dataDir, 'outputs', 'notes.txt'), 'mine', 0);
  const opened = put(join(dataDir, 'opened', `${hashOf('e')}.json`), '{}', 0);
  const keeper = retention();
  expect(await keeper.retain()).toMatchObject({ runs: 0, outputs: 1, freedBytes: expect.any(Number) });
  expect([stray, old, dead].map((path) => existsSync(path))).toEqual([false, false, false]);
  expect([samplesOf('here'), fresh, alive, foreign, opened, mine].every((path) => existsSync(path))).toBe(true);
});

const size = (): number => statSync(join(dataDir, 'journal.sqlite')).size + statSync(join(dataDir, 'journal.sqlite-wal')).size;
test('the file really shrinks', async () => {
  for (let at = 0; at < 60; at++) journal.append(runStream(`big${at}`), 'none', runHistory({ run: `big${at}`, at: NOW - 10 * DAY, ballast: 'x'.repeat(100_000) }));
  const before = size();
  const { runs, freedBytes } = await retention({ keepRuns: 5 }).retain();
  expect(runs).toBe(55);
  expect(freedBytes).toBeGreaterThan(4_000_000);
  expect(size()).toBeLessThan(before / 3);
});

test('others have their turn in between, and a second call waits for the first', async () => {
  for (let at = 0; at < 300; at++) aRun(`r${at}`, 10);
  let turns = 0;
  let going = true;
  const turn = (): void => {
    turns += 1;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const keeper = retention();
  const both = await Promise.all([keeper.retain({ keepRuns: 100 }), keeper.retain({ keepRuns: 50 })]);
  going = false;
  expect(both.map((one) => one.runs)).toEqual([200, 50]);
  expect(turns).toBeGreaterThan(5);
});

test('closed, it stops after its step, and what is left goes another time', async () => {
  for (let at = 0; at < 300; at++) aRun(`r${at}`, 10);
  const keeper = retention();
  const going = keeper.retain({ keepRuns: 0 });
  await keeper.close();
  const { runs } = await going;
  expect(runs).toBeLessThan(300);
  expect((await retention().retain({ keepRuns: 0 })).runs).toBe(300 - runs);
  expect(await keeper.retain({ keepRuns: 0 })).toEqual({ runs: 0, outputs: 0, freedBytes: 0 });
});
