import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeId, RunId } from '#shared/ids';
import { replay } from '#shared/run/evolve';
import { anyHistory, runHistory } from '#shared/run/history.testing';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { journalFeatures } from './journal.features.ts';
import { scheduleFeatures } from './schedules.features.ts';
import { createJournal, journalOn } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const R1 = RunId.parse('r1');
const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');

describe('the journal in a file', () => {
  journalFeatures(() => createJournal({ path: newPath() }));
  scheduleFeatures(() => createJournal({ path: newPath() }));
});

const TABLES = ['runs', 'timeline', 'days', 'snapshots', 'outputs'];
/** Everything a table holds, in the order of its key, as text: equal text is equal bytes. */
const dump = (db: Database): string =>
  TABLES.map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table} ORDER BY 1, ${table === 'timeline' ? 1 : 2}`).all())).join('\n');

/** A journal and a second connection to the same file, to look behind it and to break things. */
function opened(path = newPath()) {
  const journal = createJournal({ path });
  const behind = new Sqlite(path);
  return { path, journal, behind, close: () => [journal, behind].forEach((one) => one.close()) };
}

describe('projections', () => {
  it('are rebuilt to the same bytes, from histories appended side by side in small steps', () => {
    fc.assert(
      fc.property(anyHistory('r1', 230), anyHistory('r2', 40), fc.integer({ min: 1, max: 110 }), (one, two, batch) => {
        const { journal, behind, close } = opened();
        for (let from = 0; from < Math.max(one.length, two.length); from += batch) {
          if (from < one.length) journal.append('run-r1', from, one.slice(from, from + batch));
          if (from < two.length) journal.append('run-r2', from, two.slice(from, from + batch));
        }
        if (batch % 2 === 0) journal.remove({ endedBefore: null, keep: batch % 4 === 0 ? 1 : 0 }, { limit: 1, at: 1, id: 'removed' });
        const before = dump(behind);
        expect(journal.verify().problems).toEqual([]);
        journal.rebuild();
        expect(dump(behind)).toBe(before);
        behind.exec(`DELETE FROM runs; DELETE FROM timeline; DELETE FROM snapshots; DELETE FROM outputs; UPDATE days SET completed = 77; INSERT INTO days VALUES ('2000-01-01', 'w', 1, 0, 0, 0, 0)`);
        expect(journal.verify().problems).not.toEqual([]);
        journal.rebuild();
        expect(dump(behind)).toBe(before);
        close();
      }),
      { numRuns: 12 },
    );
  });

  it('go on from the events after the journal was closed in the middle of a run', () => {
    const path = newPath();
    const history = runHistory({ run: 'r1', nodes: 4 });
    history.forEach((event, version) => {
      const journal = createJournal({ path });
      journal.append('run-r1', version, [event]);
      journal.close();
    });
    const journal = createJournal({ path });
    expect(journal.runs({}, 0, 1).rows[0]).toMatchObject({ status: 'completed', rowsOut: 997, version: history.length });
    expect(journal.verify().problems).toEqual([]);
    journal.close();
  });
});

describe('verify', () => {
  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['a version that is missing', `DELETE FROM events WHERE version = 3`, /version 4 follows 2/],
    ['data that is not of its shape', `UPDATE events SET data = '{"node":"node-1"}' WHERE version = 3`, /event 3 \(NodeExecutionStarted, position 3\)/],
    ['data that is no JSON', `UPDATE events SET data = '{' WHERE version = 3`, /Event 3 of the journal is damaged/],
    ['an event of no known type', `UPDATE events SET type = 'Surprise' WHERE version = 3`, /Surprise/],
    ['a run list that says something else', `UPDATE runs SET rows_out = 1`, /run list does not say/],
    ['a run too many in the list', `INSERT INTO runs (position, id, workflow_id, workflow_name, status, trigger, requested_at, rows_out) VALUES (900, 'x', 'w', 'w', 'queued', 'cli', 1, 0)`, /has 2 runs, the events 1/],
    ['a timeline that says something else', `UPDATE timeline SET attempts = replace(attempts, 'node-2', 'node-3')`, /timeline does not say/],
    ['statistics that say something else', `UPDATE days SET completed = 2`, /statistics of/],
    ['statistics that are missing', `DELETE FROM days`, /missing/],
    ['a kept output too many', `INSERT INTO outputs VALUES ('ab', 1, 5)`, /outputs has 1 entries, the events 0/],
    ['a snapshot that is not the fold', `UPDATE snapshots SET state = replace(state, 'completed', 'running')`, /snapshot at 100 is damaged/],
  ];
  it.each(broken)('finds %s', (_what, sql, problem) => {
    const { journal, behind, close } = opened();
    journal.append('run-r1', 'none', runHistory({ run: 'r1', nodes: 60 }));
    expect(journal.verify()).toMatchObject({ events: 123, streams: 1, snapshots: 1, problems: [] });
    behind.exec(sql);
    expect(journal.verify().problems.join('\n')).toMatch(problem);
    close();
  });
});

describe('snapshots', () => {
  it('are taken every 100 events, the last two kept, and give the state of every version', () => {
    const { journal, behind, close } = opened();
    const [request, ...rest] = runHistory({ run: 'r1', nodes: 2 });
    const waits = Array.from({ length: 360 }, (_, n) => ({ type: 'NodeRetryScheduled', at: n, id: `wait-${n}`, data: { node: NodeId.parse('node-1'), attempt: n + 1, delayMs: 1, dueAt: '' } }) as const);
    const history = request === undefined ? [] : [request, ...waits, ...rest];
    for (let from = 0; from < history.length; from += 7) journal.append('run-r1', from, history.slice(from, from + 7));
    expect(behind.prepare('SELECT version FROM snapshots ORDER BY version').pluck().all()).toEqual([200, 300]);
    for (const version of [1, 99, 100, 150, 200, 201, 299, 300, 301, history.length]) expect(journal.run(R1, version)).toEqual(replay(history.slice(0, version)));
    close();
  });

  it('lie farther apart the larger the workflow is, so that writing states stays a small part of what its events cost', () => {
    const { journal, behind, close } = opened();
    const history = runHistory({ run: 'r1', nodes: 160 });
    history.forEach((event, version) => journal.append('run-r1', version, [event]));
    expect(behind.prepare('SELECT version FROM snapshots ORDER BY version').pluck().all()).toEqual([300]);
    expect(journal.run(R1)).toEqual(replay(history));
    close();
  });

  it.each([
    ['damaged', `UPDATE snapshots SET state = substr(state, 1, 50)`],
    ['of an older schema', `UPDATE snapshots SET schema = 0, state = '{"old":true}'`],
    ['missing', 'DELETE FROM snapshots'],
  ])('are passed over when they are %s', (_what, sql) => {
    const path = newPath();
    const history = runHistory({ run: 'r1', nodes: 100 });
    const first = opened(path);
    first.journal.append('run-r1', 'none', history);
    expect(first.behind.prepare('SELECT count(*) FROM snapshots').pluck().get()).toBe(2);
    first.behind.exec(sql);
    first.close();
    const journal = createJournal({ path });
    expect(journal.run(R1)).toEqual(replay(history));
    journal.close();
  });

  it('are really used: what one says is what is read', () => {
    const path = newPath();
    const { journal, behind, close } = opened(path);
    journal.append('run-r1', 'none', runHistory({ run: 'r1', nodes: 60 }));
    // Behind the journal's back an early event is changed: only from a snapshot comes the state as it was.
    behind.exec("UPDATE events SET data = json_set(data, '$.node', 'somebody-else') WHERE version = 50");
    close();
    const again = createJournal({ path });
    expect(again.run(R1)).toEqual(replay(runHistory({ run: 'r1', nodes: 60 })));
    again.close();
  });
});

describe('large payloads', () => {
  it('are one file for one content, named by its hash; a missing or damaged one is reported', () => {
    const { path, journal, close } = opened();
    const ballast = 'x'.repeat(300_000);
    const history = runHistory({ run: 'r1', ballast });
    journal.append('run-r1', 'none', history);
    journal.append('run-r1', 'any', history);
    const folder = join(path, '..', 'payloads');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{2}.[0-9a-f]{64}\.json$/)]);
    const file = join(folder, files[0] ?? '');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace('Orders', 'Ardors'));
    expect(journal.verify().problems.join()).toMatch(/damaged/);
    rmSync(file);
    expect(() => journal.read('run-r1')).toThrow(expect.objectContaining({ code: 'io', place: file }));
    writeFileSync(file, whole);
    expect(journal.verify().problems).toEqual([]);
    close();
  });
});

describe('what an older program wrote', () => {
  it('is brought up to date while it is read', () => {
    const { path, journal, behind, close } = opened();
    journal.append('run-r1', 'none', runHistory({ run: 'r1', nodes: 2 }));
    behind.exec(`UPDATE events SET schema = 0, data = '{"step":"node-1","attempt":1,"segment":"s1"}' WHERE version = 3`);
    close();
    const upcasts = { NodeExecutionStarted: { 0: ({ step, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, node: step }) as never } };
    const again = createJournal({ path, upcasts });
    expect(again.read('run-r1', 2, 1)[0]?.data).toEqual({ node: 'node-1', attempt: 1, segment: 's1' });
    expect(again.run(R1)).toEqual(replay(runHistory({ run: 'r1', nodes: 2 })));
    again.close();
  });
});

describe('durability', () => {
  it('is FULL for what was asked and how it ended, NORMAL between', () => {
    const path = newPath();
    const db = openDatabase(path);
    const journal = journalOn(db, { path });
    const classes = runHistory({ run: 'r1', nodes: 2 }).map((event, version) => {
      journal.append('run-r1', version, [event]);
      return db.pragma('synchronous', { simple: true });
    });
    expect(classes).toEqual([2, 1, 1, 1, 1, 1, 2]);
    journal.close();
  });
});

describe('a full disk', () => {
  it('refuses the append with a sentence, writes nothing of it, and goes on when there is room', () => {
    const path = newPath();
    const db = openDatabase(path);
    const journal = journalOn(db, { path });
    journal.append('run-r1', 'none', runHistory({ run: 'r1' }));
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    const large = runHistory({ run: 'r2', nodes: 400 });
    expect(() => journal.append('run-r2', 'none', large)).toThrow(expect.objectContaining({ code: 'io', place: path, message: expect.stringMatching(/disk is full/) as string }));
    expect(journal.read('run-r2')).toEqual([]);
    expect(journal.runs({}, 0, 9).total).toBe(1);
    db.pragma('max_page_count = 1000000');
    expect(journal.append('run-r2', 'none', large)).toHaveLength(large.length);
    expect(journal.verify().problems).toEqual([]);
    journal.close();
  });
});
