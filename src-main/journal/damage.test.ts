import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StudioEvent } from '#shared/events';
import { NodeId, RunId, ScheduleId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { scheduleEvents } from '#shared/schedule/history.testing';
import { openDatabase } from './database.ts';
import { exportEvents } from './export.ts';
import type { Journal } from './journal.ts';
import { createJournal, journalOn } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');
const RUNS = 50;
const SCHEDULES = 12;

/** A journal with something in every table: runs of several statuses, snapshots, logs, kept outputs, a removed run in every tenth place, schedules with occurrences of every kind. */
function build(path: string): void {
  const journal = createJournal({ path });
  for (let n = 0; n < RUNS; n += 1) {
    const run = `r${String(n).padStart(3, '0')}`;
    const history = runHistory({ run, nodes: n % 40 === 0 ? 60 : 12, at: 86_400_000 * n, end: n % 7 === 0 ? 'failed' : n % 11 === 0 ? 'none' : 'completed', workflow: `w${n % 30}`, workflowName: `Workflow ${n}`.repeat(9) });
    for (let from = 0; from < history.length; from += 9) journal.append(`run-${run}`, from, history.slice(from, from + 9));
    if (n % 11 === 0) {
      const kept = (k: number) => ({ node: NodeId.parse('node-1'), attempt: 1, port: 'out', path: null, rows: 1, bytes: k, hash: `${n}-${k}`.padEnd(64, 'f') });
      journal.append(`run-${run}`, 'any', Array.from({ length: 9 }, (_, k) => ({ type: 'NodeOutputCommitted', at: 1, id: `${run}-kept-${k}`, data: kept(k) })));
    }
    journal.log(RunId.parse(run), Array.from({ length: 6 }, (_, k) => ({ node: 'node-1', at: k, level: 'info', text: `line ${k} of ${run} `.repeat(9), attempt: 1, version: k })));
  }
  journal.remove({ endedBefore: 86_400_000 * 20, keep: null }, { limit: 10, at: 1, id: 'removed' });
  for (let n = 0; n < SCHEDULES; n += 1) {
    const { created, fired, missed, skipped, buffered } = scheduleEvents(`s${n}`);
    const events = [created(n + 1), ...Array.from({ length: 24 }, (_, k) => (k % 8 === 3 ? missed(2 * k, 2 * k + 1, 2) : k % 8 === 5 ? skipped(2 * k, `skipped ${k}`) : k > 20 ? buffered(2 * k) : fired(2 * k)))];
    journal.append(`schedule-s${n}`, 'none', events);
  }
  journal.close();
}

const TREES = [
  ['events', 'leaf'], ['events', 'root'], ['sqlite_autoindex_events_1', 'leaf'], ['sqlite_autoindex_events_2', 'leaf'], ['sqlite_autoindex_events_1', 'root'], ['sqlite_autoindex_events_2', 'root'],
  ['runs', 'leaf'], ['runs', 'root'], ['runs_by_status', 'leaf'], ['runs_by_workflow', 'leaf'], ['timeline', 'leaf'], ['days', 'leaf'], ['outputs', 'leaf'], ['snapshots', 'leaf'], ['sqlite_autoindex_snapshots_1', 'leaf'],
  ['logs', 'leaf'], ['sqlite_autoindex_logs_1', 'leaf'], ['pruned', 'leaf'], ['chain', 'leaf'], ['logs_dropped', 'leaf'], ['events_by_payload', 'leaf'],
  ['schedules', 'leaf'], ['schedules', 'root'], ['sqlite_autoindex_schedules_1', 'leaf'], ['occurrences', 'leaf'], ['occurrences', 'root'], ['occurrences_by_time', 'leaf'], ['occurrences_without_run', 'leaf'],
  ['missed', 'leaf'], ['missed_by_time', 'leaf'], ['missed_by_schedule', 'leaf'],
] as const;

/** A page in the middle of the tree; its root where that is asked for or all there is. */
function pageOf(whole: Buffer, tree: string, kind: 'leaf' | 'root'): number {
  const path = newPath();
  writeFileSync(path, whole);
  const db = new Sqlite(path, { readonly: true });
  const leaves = db.prepare<[string], number>(`SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path`).pluck().all(tree);
  const root = db.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(tree);
  db.close();
  return (kind === 'leaf' ? leaves[Math.floor(leaves.length / 2)] : root) ?? 0;
}

const answer = (ask: () => unknown): unknown => {
  try {
    return ask();
  } catch (thrown) {
    return { threw: (thrown as { code?: unknown }).code };
  }
};

/** Everything that is asked of a journal; what throws answers with its code. */
function everything(journal: Journal): Record<string, unknown> {
  const ids = Array.from({ length: RUNS }, (_, n) => RunId.parse(`r${String(n).padStart(3, '0')}`));
  return {
    list: answer(() => journal.runs({}, 0, 1000)),
    failed: answer(() => journal.runs({ status: ['failed'], search: 'Workflow' }, 3, 5)),
    unfinished: answer(() => journal.unfinished()),
    lastRuns: answer(() => journal.lastRuns(3)),
    days: answer(() => journal.days('1970-01-01')),
    outputs: answer(() => journal.keptOutputs()),
    schedules: answer(() => journal.schedules()),
    occurrences: answer(() => journal.occurrences({}, 5, 1000)),
    unstarted: answer(() => journal.occurrences({ outcomes: ['skipped', 'missed'] }, 0, 1000)),
    ...Object.fromEntries(Array.from({ length: SCHEDULES }, (_, n) => [`schedule s${n}`, answer(() => [journal.schedule(ScheduleId.parse(`s${n}`)), journal.occurrences({ scheduleId: ScheduleId.parse(`s${n}`) }, 0, 99)])])),
    all: answer(() => journal.readAll(0, 100_000)),
    ...Object.fromEntries(ids.map((id) => [`events of ${id}`, answer(() => journal.read(`run-${id}`))])),
    ...Object.fromEntries(ids.map((id) => [`state of ${id}`, answer(() => journal.run(id))])),
    ...Object.fromEntries(ids.map((id) => [`timeline of ${id}`, answer(() => journal.timeline(id))])),
    ...Object.fromEntries(ids.map((id) => [`console of ${id}`, answer(() => journal.logs(id))])),
  };
}

describe('a damaged page', () => {
  let whole: Buffer;
  let sound: Record<string, unknown>;
  let events: readonly StudioEvent[];
  beforeAll(() => {
    const path = newPath();
    build(path);
    whole = readFileSync(path);
    const journal = createJournal({ path });
    expect(journal.verify().problems).toEqual([]);
    sound = everything(journal);
    events = journal.readAll(0, 100_000);
    journal.close();
  });

  it.each(TREES)('of %s (%s) is reported, everything else can be read, and a rebuild repairs what can be', (tree, kind) => {
    const path = newPath();
    const page = pageOf(whole, tree, kind);
    expect(page).toBeGreaterThan(0);
    writeFileSync(path, Buffer.from(whole).fill(0xaa, (page - 1) * 4096, page * 4096));

    // A reader and the writer go the same ways: each tree is asked by one of them, the list and the events by both.
    for (const readOnly of tree === 'runs' || tree === 'events' ? [true, false] : [kind === 'leaf']) {
      const journal = createJournal({ path, readOnly });
      const report = journal.verify();
      expect(report.problems.join('\n')).toContain(`${tree} is damaged`);
      expect(journal.stats().bytes).toBeGreaterThan(0);
      const now = everything(journal);
      const other = Object.keys(sound).filter((name) => JSON.stringify(sound[name]) !== JSON.stringify(now[name]));
      const exported = [...exportEvents(journal)].map((line) => JSON.parse(line) as StudioEvent | { damaged: { from: number; to: number } });
      const lost = new Set(exported.flatMap((line) => ('damaged' in line ? Array.from({ length: line.damaged.to - line.damaged.from + 1 }, (_, n) => line.damaged.from + n) : [])));
      const kept = events.filter((event) => !lost.has(event.position));
      expect(exported.filter((line) => !('damaged' in line))).toEqual(kept);
      if (tree === 'events') {
        const streams = new Set(events.filter((event) => lost.has(event.position)).map((event) => event.stream));
        expect(streams.size).toBeGreaterThan(0);
        const allowed = ['all', ...[...streams].flatMap((stream) => ['events', 'state', 'timeline'].map((what) => `${what} of ${stream.slice(4)}`))];
        expect(other.filter((name) => !allowed.includes(name))).toEqual([]);
        for (const stream of streams) expect(report.problems.join('\n')).toContain(stream);
      } else if (tree === 'logs') {
        expect(other.length).toBeGreaterThan(0);
        expect(other.every((name) => name.startsWith('console'))).toBe(true);
        expect(report.problems.join('\n')).toMatch(/lines of its console cannot be read/);
      } else expect(other).toEqual([]);
      journal.close();
    }

    const journal = createJournal({ path });
    if (tree === 'events' && kind === 'root') {
      // Nothing of the events can be found: then nothing is changed either.
      expect(() => journal.rebuild()).toThrow(expect.objectContaining({ code: 'io', message: expect.stringMatching(/Nothing of the events can be read/) as string }));
      expect(journal.logs(RunId.parse('r049'))).toHaveLength(6);
      journal.close();
      createJournal({ path }).close();
      return;
    }
    journal.rebuild();
    const after = journal.verify().problems;
    if (tree === 'events') expect(after.join('\n')).toMatch(/are missing, and retention did not remove them/);
    else if (tree === 'pruned') expect(after.join('\n')).toMatch(/retention did not remove/);
    else {
      expect(after).toEqual([]);
      const now = everything(journal);
      expect(Object.keys(sound).filter((name) => JSON.stringify(sound[name]) !== JSON.stringify(now[name]) && !(tree === 'logs' && name.startsWith('console')))).toEqual([]);
    }
    expect(after.filter((problem) => problem.startsWith('The file'))).toEqual([]);
    expect(readFileSync(`${path}.damaged`).length).toBe(whole.length);
    expect(statSync(`${path}.damaged`).mode & 0o077).toBe(0);
    journal.append('run-new', 'none', runHistory({ run: 'new' }));
    expect(journal.run(RunId.parse('new'))?.status).toBe('completed');
    journal.close();
  });

  it.each([
    ['runs', 'root'],
    ['sqlite_autoindex_events_1', 'root'],
    ['sqlite_autoindex_events_2', 'root'],
    ['runs_by_status', 'root'],
    ['outputs', 'leaf'],
    ['snapshots', 'root'],
    ['days', 'root'],
    ['timeline', 'root'],
    ['sqlite_autoindex_logs_1', 'root'],
  ] as const)('of %s (%s) does not keep anything from being written', (tree, kind) => {
    const path = newPath();
    const page = pageOf(whole, tree, kind);
    writeFileSync(path, Buffer.from(whole).fill(0xaa, (page - 1) * 4096, page * 4096));
    const journal = createJournal({ path });
    runHistory({ run: 'new', nodes: 60 }).forEach((event, version) => journal.append('run-new', version, [event]));
    journal.log(RunId.parse('new'), [{ node: null, at: 1, level: 'info', text: 'hello', attempt: null, version: 1 }]);
    expect(journal.readAll(0, events.length)).toEqual(events);
    expect(journal.runs({}, 0, 1).rows[0]).toMatchObject({ id: 'new', status: 'completed' });
    expect(journal.logs(RunId.parse('new'))).toHaveLength(1);
    journal.close();
  });

  it.each([
    ['schedules', 'root', false],
    ['sqlite_autoindex_schedules_1', 'root', true],
    ['occurrences', 'root', true],
    ['occurrences_by_time', 'root', false],
  ] as const)('of %s (%s) keeps no occurrence from its start: what shares a commit is refused once, and the file repaired (among others: %s)', (tree, kind, shared) => {
    const path = newPath();
    const page = pageOf(whole, tree, kind);
    writeFileSync(path, Buffer.from(whole).fill(0xaa, (page - 1) * 4096, page * 4096));
    const journal = createJournal({ path });
    const { fired } = scheduleEvents('s1');
    const start = (): void =>
      journal.atomic(() => {
        journal.append('schedule-s1', 'any', [{ ...fired(100), id: 'fired' }]);
        journal.append('run-new', 'none', runHistory({ run: 'new' }).slice(0, 1));
      });
    const damaged = expect.objectContaining({ code: 'io', message: expect.stringMatching(/damaged/) as string });
    // SQLite takes all back that was to be committed with it.
    expect(shared ? () => journal.together(() => expect(start).toThrow(damaged)) : start).toThrow(damaged);
    expect(journal.run(RunId.parse('new'))).toBeNull();
    start();
    expect(journal.occurrences({ scheduleId: ScheduleId.parse('s1') }, 0, 1).rows[0]).toMatchObject({ outcome: 'fired', runId: 'run-100' });
    expect(journal.readAll(0, events.length)).toEqual(events);
    expect(journal.verify().problems).toEqual([]);
    journal.close();
  });

  it.each(['', 'runs'])('inside the data of an event costs that event, also where a page is damaged too (%s), and the journal still opens', (tree) => {
    const path = newPath();
    const page = tree === '' ? 0 : pageOf(whole, tree, 'root');
    const bytes = Buffer.from(whole);
    if (page > 0) bytes.fill(0xaa, (page - 1) * 4096, page * 4096);
    writeFileSync(path, bytes);
    const behind = new Sqlite(path);
    for (const at of [3, 4, 5]) behind.exec(`UPDATE events SET data = substr(data, 1, 5) || x'07' || substr(data, 7) WHERE stream = 'run-r0${20 + at}' AND version = ${at}`);
    behind.exec(`UPDATE events SET type = 'NodeExecutionCompAeted' WHERE stream = 'run-r026' AND version = 4; UPDATE events SET data = '{}' WHERE stream = 'run-r027' AND version = 4`);
    behind.close();
    const journal = createJournal({ path });
    expect(journal.rebuild()).toEqual({ events: events.length - 4 });
    expect(journal.runs({}, 0, 1000)).toMatchObject({ total: (sound['list'] as { total: number }).total });
    expect(() => journal.run(RunId.parse('r023'))).toThrow(/its data cannot be read/);
    expect(journal.runs({ search: 'r023' }, 0, 1).rows[0]).toMatchObject({ status: 'completed' });
    journal.close();
    const again = createJournal({ path });
    expect(existsSync(`${path}.repaired`)).toBe(false);
    runHistory({ run: 'new' }).forEach((event, version) => again.append('run-new', version, [event]));
    expect(again.run(RunId.parse('new'))).toMatchObject({ status: 'completed' });
    again.close();
  });

  it('that is being repaired: killed at any moment, the journal opens with everything', () => {
    const path = newPath();
    const page = pageOf(whole, 'runs', 'root');
    writeFileSync(path, Buffer.from(whole).fill(0xaa, (page - 1) * 4096, page * 4096));
    const copies: string[] = [];
    const ends = ['', '-wal', '.repaired', '.repaired-journal'];
    const freeze = (): void => {
      const copy = newPath();
      for (const end of ends) if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`);
      copies.push(copy);
    };
    const db = openDatabase(path);
    for (const name of ['exec', 'pragma'] as const) {
      const own = db[name].bind(db) as (...values: unknown[]) => unknown;
      Object.defineProperty(db, name, {
        value: (...values: unknown[]) => {
          freeze();
          const done = own(...values);
          freeze();
          return done;
        },
      });
    }
    const journal = journalOn(db, { path });
    journal.rebuild();
    journal.close();
    expect(copies.length).toBeGreaterThan(20);
    const seen = new Set<string>();
    let cutOff = 0;
    for (const copy of copies) {
      const bytes = ends.map((end) => (existsSync(`${copy}${end}`) ? createHash('sha256').update(readFileSync(`${copy}${end}`)).digest('hex') : '')).join();
      if (seen.has(bytes)) continue;
      seen.add(bytes);
      if (existsSync(`${copy}.repaired`)) cutOff += 1;
      const again = createJournal({ path: copy });
      expect(again.readAll(0, 100_000)).toEqual(events);
      expect(again.runs({}, 0, 1000)).toEqual(sound['list']);
      expect(again.logs(RunId.parse('r049'))).toEqual(sound['console of r049']);
      expect(existsSync(`${copy}.repaired`)).toBe(false);
      again.close();
    }
    expect(cutOff).toBeGreaterThan(3);
  });

  it('that was being repaired when Millrace was updated: the newer one goes on with the copy the older one made', () => {
    const path = newPath();
    writeFileSync(path, whole);
    const old = new Sqlite(path);
    old.exec('DROP TABLE schedules; DROP TABLE occurrences; DROP TABLE missed; PRAGMA user_version = 2');
    old.pragma('wal_checkpoint(TRUNCATE)');
    old.close();
    copyFileSync(path, `${path}.repaired`);
    const emptied = new Sqlite(path);
    for (const table of emptied.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all()) emptied.exec(`DROP TABLE ${table}`);
    emptied.close();
    const journal = createJournal({ path });
    expect(journal.readAll(0, 100_000)).toEqual(events);
    expect(everything(journal)).toEqual(sound);
    expect(journal.verify().problems).toEqual([]);
    expect(existsSync(`${path}.repaired`)).toBe(false);
    journal.close();
  });
});
