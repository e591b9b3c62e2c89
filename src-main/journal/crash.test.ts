import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { StudioEvent } from '#shared/events';
import { RunId, ScheduleId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { scheduleEvents } from '#shared/schedule/history.testing';
import { exportEvents } from './export.ts';
import { ended, startProcess } from './process.testing.ts';
import { createJournal } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');

describe('several writers', () => {
  it('two connections: exactly one append at a version wins, and the other can go on after reading', () => {
    const path = newPath();
    const [one, two] = [createJournal({ path }), createJournal({ path })];
    const history = runHistory({ run: 'r1' });
    one.append('run-r1', 'none', history.slice(0, 3));
    expect(two.append('run-r1', 3, history.slice(3, 5)).map((event) => event.version)).toEqual([4, 5]);
    const own = history.slice(3, 5).map((event) => ({ ...event, id: `one-${event.id}` }));
    expect(() => one.append('run-r1', 3, own)).toThrow(expect.objectContaining({ code: 'conflict' }));
    one.append('run-r1', 'any', history.slice(5, 6));
    two.append('run-r1', 'any', history.slice(6));
    expect(one.read('run-r1').map((event) => event.id)).toEqual(history.map((event) => event.id));
    expect(one.run(RunId.parse('r1'))).toEqual(two.run(RunId.parse('r1')));
    expect(one.runs({}, 0, 1).rows[0]).toMatchObject({ status: 'completed', rowsOut: 991 });
    expect(one.verify().problems).toEqual([]);
    for (const journal of [one, two]) journal.close();
  });

  it('three processes: exactly one wins', async () => {
    const path = newPath();
    const started = await Promise.all(['a', 'b', 'c'].map((name) => startProcess('append', path, name)));
    const outcomes = await Promise.all(
      started.map(({ child }) => {
        const said = new Promise<string>((resolve) => child.stdout?.once('data', (data: Buffer) => resolve(data.toString('utf8').trim())));
        child.stdin?.end('go\n');
        return said;
      }),
    );
    await Promise.all(started.map(({ child }) => ended(child)));
    expect(outcomes.toSorted()).toEqual(['conflict', 'conflict', 'won']);
    const journal = createJournal({ path });
    expect(journal.read('run-r1')).toHaveLength(23);
    expect(journal.verify().problems).toEqual([]);
    journal.close();
  });
});

const { created } = scheduleEvents('orders');

/** What a process says from now on, and after it has ended. */
const listenTo = (child: Awaited<ReturnType<typeof startProcess>>['child']): { readonly text: () => string; readonly until: (enough: (text: string) => boolean) => Promise<void> } => {
  let text = '';
  child.stdout?.on('data', (data: Buffer) => (text += data.toString('utf8')));
  return {
    text: () => text,
    until: (enough) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (enough(text)) resolve();
        };
        child.stdout?.on('data', look);
        look();
      }),
  };
};

describe('an occurrence', () => {
  it('is started by exactly one of three processes that all start it', async () => {
    const path = newPath();
    createJournal({ path }).append('schedule-orders', 'none', [created()]);
    const started = await Promise.all(['a', 'b', 'c'].map((name) => startProcess('fire', path, name)));
    const heard = started.map(({ child }) => listenTo(child));
    for (const { child } of started) child.stdin?.end('go\n');
    await Promise.all(heard.map(({ until }) => until((text) => text.endsWith('done\n'))));
    await Promise.all(started.map(({ child }) => ended(child)));
    const journal = createJournal({ path });
    expect(journal.verify().problems).toEqual([]);
    for (let minute = 1; minute <= 40; minute += 1) {
      expect(heard.map(({ text }) => text().split('\n').find((line) => line.startsWith(`${minute} `)) ?? '').toSorted()).toEqual([`${minute} conflict`, `${minute} conflict`, `${minute} won`]);
    }
    const runs = journal.runs({}, 0, 100).rows.map((row) => row.id as string);
    expect(runs).toHaveLength(40);
    expect(journal.occurrences({}, 0, 100).rows.map((row) => row.runId as string).toSorted()).toEqual(runs.toSorted());
    journal.close();
  });

  it('has its run and the run its occurrence, whenever the writer of both is killed', async () => {
    const path = newPath();
    createJournal({ path }).append('schedule-orders', 'none', [created()]);
    let least = 0;
    for (const [round, moment] of [1, 2, 3, 9, 30, 75, 140].entries()) {
      const { child, said } = await startProcess('fires', path, `k${round}`);
      const { text, until } = listenTo(child);
      await until((heard) => heard.split('\n').length > moment);
      const closed = new Promise<void>((resolve) => child.stdout?.once('close', () => resolve()));
      child.kill('SIGKILL');
      await Promise.all([ended(child), closed]);
      least = Number(`${said}\n${text()}`.trim().split('\n').at(-1));
      const journal = createJournal({ path });
      expect(journal.verify().problems).toEqual([]);
      const fires = journal.occurrences({ outcomes: ['fired'] }, 0, 10_000);
      expect(fires.total).toBeGreaterThanOrEqual(least);
      expect(fires.rows.map((row) => row.runId)).toEqual(journal.runs({}, 0, 10_000).rows.map((row) => row.id));
      expect(journal.schedule(ScheduleId.parse('orders'))?.fires).toBe(fires.total);
      journal.close();
    }
    expect(least).toBeGreaterThan(200);
  }, 600_000);
});

describe('a writer that is killed', () => {
  it.each([40, 137, 350])('leaves everything that append had returned, and nothing half, after about %i events', async (enough) => {
    const path = newPath();
    const { child, said } = await startProcess('runs', path);
    let text = `${said}\n`;
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (data: Buffer) => {
        text += data.toString('utf8');
        if (text.split('\n').length > enough) resolve();
      });
    });
    child.kill('SIGKILL');
    await ended(child);
    const returned = text.slice(0, text.lastIndexOf('\n')).split('\n');
    const journal = createJournal({ path });
    const kept = journal.readAll(0, 100_000);
    expect(kept.slice(0, returned.length).map((event) => event.id)).toEqual(returned);
    expect(journal.verify()).toMatchObject({ events: kept.length, problems: [] });
    // And it goes on where it stopped.
    const last = kept.at(-1) as StudioEvent;
    const rest = runHistory({ run: last.stream.slice(4), nodes: 60 }).slice(last.version);
    journal.append(last.stream, last.version, rest);
    expect(journal.unfinished()).toEqual([]);
    expect(journal.verify().problems).toEqual([]);
    journal.close();
  });
});

describe('a truncated WAL', () => {
  it.each([0.9, 0.5, 0.1, 0])('gives the beginning of the history, whole, at %d of its length', (part) => {
    const path = newPath();
    const copy = newPath();
    const journal = createJournal({ path });
    const history = runHistory({ run: 'r1', nodes: 60 });
    history.forEach((event, version) => journal.append('run-r1', version, [event]));
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    journal.close();
    truncateSync(`${copy}-wal`, Math.floor(statSync(`${copy}-wal`).size * part));
    const again = createJournal({ path: copy });
    const kept = again.read('run-r1');
    expect(kept.map((event) => event.id)).toEqual(history.slice(0, kept.length).map((event) => event.id));
    expect(kept.length).toBeLessThan(history.length);
    if (part >= 0.5) expect(kept.length).toBeGreaterThan(20);
    expect(again.verify().problems).toEqual([]);
    again.append('run-r1', 'any', history);
    expect(again.read('run-r1')).toHaveLength(history.length);
    again.close();
  });
});

const build = (path: string): readonly StudioEvent[] => {
  const journal = createJournal({ path });
  for (let n = 0; n < 60; n += 1) journal.append(`run-r${n}`, 'none', runHistory({ run: `r${n}`, nodes: 20 }));
  const all = journal.readAll(0, 100_000);
  journal.close();
  return all;
};
/** Pages of the events table itself, in their order. */
const leaves = (path: string): number[] => {
  const db = new Sqlite(path, { readonly: true });
  const pages = db.prepare<[], number>(`SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY path`).pluck().all();
  db.close();
  return pages;
};

describe('a damaged page', () => {
  it.each([
    ['in the middle', (pages: readonly number[]) => [pages.at(20), pages.at(21), pages.at(40)]],
    ['at the start', (pages: readonly number[]) => [pages[0]]],
    ['at the end', (pages: readonly number[]) => [pages.at(-1)]],
  ])('%s is reported by verify, and the rest is exported', (_where, choose) => {
    const path = newPath();
    const all = build(path);
    const pages = choose(leaves(path)).filter((page) => page !== undefined);
    const file = readFileSync(path);
    for (const page of pages) file.fill(0xaa, (page - 1) * 4096, page * 4096);
    writeFileSync(path, file);

    const journal = createJournal({ path });
    expect(journal.verify().problems.length).toBeGreaterThan(0);
    const lines = [...exportEvents(journal)].map((line) => JSON.parse(line) as StudioEvent | { damaged: { from: number; to: number; reason: string } });
    const gaps = lines.flatMap((line) => ('damaged' in line ? [line.damaged] : []));
    const events = lines.flatMap((line) => ('damaged' in line ? [] : [line]));
    const lost = new Set(gaps.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n)));
    expect(events).toEqual(all.filter((event) => !lost.has(event.position)));
    expect(lost.size).toBeGreaterThan(0);
    expect(lost.size).toBeLessThan(40 * pages.length);
    expect(gaps[0]?.reason).toMatch(/journal is damaged/);
    journal.close();
  });
});
