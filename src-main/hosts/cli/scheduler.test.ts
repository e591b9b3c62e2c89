import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { json, personAtWork } from './millrace.testing.ts';

const { millrace, path, write, cli } = personAtWork();
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

interface Said {
  readonly event: string;
  readonly [more: string]: unknown;
}

/** `millrace scheduler --json` on the data folder. */
function scheduling(): { readonly until: (what: (said: readonly Said[]) => boolean) => Promise<readonly Said[]>; readonly end: (signal: NodeJS.Signals) => Promise<number | null> } {
  const child = spawn(process.execPath, [cli, 'scheduler', '--json'], { env: { ...process.env, MILLRACE_DATA_DIR: path('data') }, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const said: Said[] = [];
  let rest = '';
  let err = '';
  let heard = Promise.withResolvers<void>();
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      resolve(code);
      heard.reject(new Error(`It ended: ${err}`));
      heard.promise.catch(() => undefined);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    said.push(...lines.map((line) => JSON.parse(line) as Said));
    const before = heard;
    heard = Promise.withResolvers<void>();
    before.resolve();
  });
  return {
    async until(what) {
      while (!what(said)) await heard.promise;
      return said;
    },
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

const workflow = (id: string, schedule: unknown): unknown => ({
  formatVersion: 1,
  id,
  name: `Flow ${id}`,
  nodes: [
    { id: 'rows', type: 'source', nodeType: 'memory.collection', position: { x: 0, y: 0 }, config: { data: [1, 2] } },
    { id: 'log', type: 'sink', nodeType: 'console.log', position: { x: 200, y: 0 }, config: {} },
  ],
  edges: [{ id: 'e1', source: 'rows', target: 'log' }],
  metadata: { schedule },
});

test('nothing is there yet', async () => {
  expect(await millrace(['schedule', 'list'])).toMatchObject({ code: 0, out: expect.stringContaining('No schedules') });
  expect(await millrace(['schedule', 'pause', 'tick'])).toMatchObject({ code: 1, err: expect.stringContaining('no journal') });
});

test('the scheduler runs what is due, says so, has the data folder alone, and goes when asked; then its schedules can be paused', { timeout: 240_000 }, async () => {
  mkdirSync(path('data/workflows'), { recursive: true });
  write('data/workflows/tick.json', workflow('tick', { kind: 'cron', expression: '* * * * * *', timeZone: 'Europe/Zurich' }));
  write('data/workflows/later.json', workflow('later', [{ key: 'a', kind: 'cron', expression: '0 8 1 1 *', timeZone: 'Asia/Shanghai' }, { key: 'b', kind: 'manual' }]));
  write('data/workflows/broken.json', workflow('broken', { kind: 'cron', expression: '0 25 * * *', timeZone: 'UTC' }));
  const host = scheduling();
  const said = await host.until((all) => all.filter((one) => one.event === 'ended').length >= 2);
  expect(said[0]).toMatchObject({ event: 'started', at: expect.stringMatching(/Z$/u), schedules: 2, allPaused: false, next: { scheduleId: 'tick', workflowName: 'Flow tick', at: expect.stringMatching(/Z$/u) } });
  const fired = said.filter((one) => one.event === 'fired');
  expect(fired[0]).toMatchObject({ scheduleId: 'tick', nominalTime: expect.stringMatching(/\.000Z$/u), runId: expect.any(String), how: 'onTime' });
  expect(said.find((one) => one.event === 'ended')).toMatchObject({ runId: fired[0]?.['runId'], scheduleId: 'tick', status: 'completed', durationMs: expect.any(Number) });

  const listed = json(await millrace(['schedule', 'list', '--json']));
  expect(listed).toMatchObject({ running: true, allPaused: null });
  expect(listed['schedules']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'tick', status: 'scheduled', sentence: 'Every second (Europe/Zurich)', next: expect.any(String), lastFired: expect.objectContaining({ runId: expect.any(String) }) }),
      expect.objectContaining({ id: 'later:a', workflowName: 'Flow later', key: 'a', status: 'scheduled', next: expect.stringMatching(/-01-01T00:00:00\.000Z/u) }),
      expect.objectContaining({ id: 'later:b', status: 'manual', next: null }),
    ]),
  );
  for (const verb of [['schedule', 'pause', 'tick'], ['scheduler']]) expect(await millrace(verb)).toMatchObject({ code: 1, err: expect.stringMatching(/Another Millrace is using this data folder \(process \d+\)/u) });
  expect(await host.end('SIGTERM')).toBe(0);
  // A second has to pass without anybody, and another one while it is paused.
  await new Promise((resolve) => setTimeout(resolve, 1200));

  expect(await millrace(['schedule', 'pause', 'tick', 'none'])).toMatchObject({ code: 1, err: expect.stringContaining('no schedule "none"') });
  expect(await millrace(['schedule', 'pause', 'tick', '--note', 'Holidays'])).toMatchObject({ code: 0, out: 'tick: paused\n' });
  expect(json(await millrace(['schedule', 'pause', 'tick', '--json']))).toEqual({ paused: [] });
  const after = json(await millrace(['schedule', 'list', '--json']));
  expect(after).toMatchObject({ running: false, schedules: expect.arrayContaining([expect.objectContaining({ id: 'tick', status: 'paused', next: null, paused: { by: 'person', note: 'Holidays', at: expect.any(String) } })]) });
  expect((await millrace(['schedule', 'list'])).out).toMatch(/tick +Flow tick +paused +Every second \(Europe\/Zurich\) +Holidays/u);

  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(await millrace(['schedule', 'resume', 'tick', 'later:a'])).toMatchObject({ code: 0, out: 'tick: resumed\nlater:a: was not paused\n' });
  const { rows, total } = json(await millrace(['schedule', 'history', 'tick', '--limit', '10000', '--json'])) as unknown as { rows: Record<string, unknown>[]; total: number };
  expect(total).toBe(rows.length);
  expect(rows[0]).toMatchObject({ scheduleId: 'tick', outcome: 'missed', reason: 'paused', nominalTime: expect.stringMatching(/Z$/u) });
  expect(rows[1]).toMatchObject({ outcome: 'missed', reason: 'notRunning' });
  expect(rows.filter((row) => row['outcome'] === 'fired').length).toBeGreaterThanOrEqual(2);
  // Each second since the first fire came to exactly one thing.
  const seconds = rows.reduce((sum, row) => sum + Number(row['count']), 0);
  const [newest, oldest] = [rows[0], rows.at(-1)];
  expect(Date.parse(String(newest?.['lastNominalTime'])) - Date.parse(String(oldest?.['nominalTime']))).toBe((seconds - 1) * 1000);
  expect((await millrace(['schedule', 'history', '--limit', '1'])).out).toMatch(/1 of \d+; see more with --limit/u);
  expect(await millrace(['journal', 'verify'])).toMatchObject({ code: 0 });
});

test('what a watched folder went through while it was paused starts nothing when it is resumed', { timeout: 240_000 }, async () => {
  mkdirSync(path('data/workflows/inbox'), { recursive: true });
  write('data/workflows/inbox/old.csv', 'a');
  write('data/workflows/watch.json', workflow('watch', { kind: 'watch', path: 'inbox', glob: '*.csv', settleMs: 100, timeZone: 'UTC' }));
  await millrace(['schedule', 'pause', 'tick']);
  const first = scheduling();
  await first.until((all) => all.some((one) => one.event === 'started'));
  await first.end('SIGTERM');
  await millrace(['schedule', 'pause', 'watch']);
  write('data/workflows/inbox/during.csv', 'b');
  expect(await millrace(['schedule', 'resume', 'watch'])).toMatchObject({ code: 0, out: 'watch: resumed\n' });
  const second = scheduling();
  const early = await second.until((all) => all.some((one) => one.event === 'started'));
  // Time to start something for what came during the pause.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(early.filter((one) => one.event === 'fired')).toEqual([]);
  write('data/workflows/inbox/new.csv', 'c');
  const said = await second.until((all) => all.some((one) => one.event === 'ended'));
  await second.end('SIGTERM');
  expect(said.filter((one) => one.event === 'fired')).toMatchObject([{ scheduleId: 'watch' }]);
  await millrace(['schedule', 'pause', 'watch']);
});

test('a person reads lines; what a file says wrongly is told; Ctrl+C ends it', { timeout: 240_000 }, async () => {
  await millrace(['schedule', 'pause', 'tick']);
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const child = spawn(process.execPath, [cli, 'scheduler'], { env: { ...process.env, MILLRACE_DATA_DIR: path('data') }, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    if (err.includes('\n')) resolve();
  });
  const ended = new Promise((done) => {
    child.on('close', done);
  });
  await begun;
  child.kill('SIGINT');
  expect(await ended, err).toBe(0);
  expect(out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}1 schedule in force; the next: Flow later \(later:a\) at \d{4}-01-01T00:00:00\.000Z\. Ctrl\+C ends it\.\n/u);
  expect(err).toContain('broken.json: metadata.schedule.expression: The hour is broken at character 3: “25” is not allowed.');
});
