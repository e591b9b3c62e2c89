import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { RunId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { retentionFeatures } from './retention.features.ts';
import { createJournal } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const newPath = (): string => join(temporaryFolder(), 'journal.sqlite');
const everything = { endedBefore: null, keep: 0 };
const batch = (id: string, limit = 1000) => ({ limit, at: 9_000, id });

describe('the journal in a file', () => retentionFeatures(() => createJournal({ path: newPath() })));

const sizeOf = (path: string): number => ['', '-wal'].reduce((sum, end) => sum + (statSync(`${path}${end}`, { throwIfNoEntry: false })?.size ?? 0), 0);
const payloadFiles = (path: string): string[] => readdirSync(join(path, '..', 'payloads'), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));

const own = (run: string, ballast: string) => runHistory({ run, nodes: 2, ballast });

describe('what retention leaves in the file', () => {
  it('shrinks it on the disk, a few pages at a time', () => {
    const path = newPath();
    const journal = createJournal({ path });
    journal.append('run-live', 'none', runHistory({ run: 'live', end: 'none' }));
    const small = sizeOf(path);
    for (let n = 0; n < 300; n += 1) journal.append(`run-r${n}`, 'none', runHistory({ run: `r${n}`, nodes: 30 }));
    while (journal.shrink(100));
    const large = statSync(path).size;
    expect(large).toBeGreaterThan(2_000_000);
    let batches = 0;
    while (journal.remove(everything, batch(`removed-${batches}`, 50)).length > 0) batches += 1;
    expect(batches).toBe(6);
    let steps = 1;
    while (journal.shrink(100)) steps += 1;
    expect(steps).toBeGreaterThan(3);
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(sizeOf(path)).toBeLessThan(Math.max(200_000, 2 * small));
    expect(journal.verify()).toMatchObject({ problems: [], streams: 2 });
    journal.close();
  });

  it('is one range where whole stretches went, and the chain goes on over it', () => {
    const path = newPath();
    const journal = createJournal({ path });
    const histories = ['r1', 'r2', 'r3'].map((run) => runHistory({ run, nodes: 2 }));
    // r1 and r2 side by side, event by event; then r3.
    for (let n = 0; n < 7; n += 1) for (const [index, run] of ['r1', 'r2'].entries()) journal.append(`run-${run}`, n, histories[index]?.slice(n, n + 1) ?? []);
    journal.append('run-r3', 'none', histories[2] ?? []);
    const behind = new Sqlite(path);
    const ranges = (): unknown => behind.prepare('SELECT first, last FROM pruned ORDER BY first').raw().all();
    journal.remove(everything, batch('one', 1));
    expect(ranges()).toEqual([[1, 1], [3, 3], [5, 5], [7, 7], [9, 9], [11, 11], [13, 13]]);
    expect(journal.verify()).toMatchObject({ problems: [], events: 15, chained: 15 });
    journal.remove(everything, batch('two', 1));
    expect(ranges()).toEqual([[1, 14]]);
    expect(journal.verify()).toMatchObject({ problems: [], events: 9, chained: 9 });
    behind.exec('UPDATE pruned SET hash = zeroblob(32)');
    expect(journal.verify().problems.join()).toMatch(/chain is broken at position 21/);
    behind.exec('DELETE FROM pruned');
    expect(journal.verify().problems.join()).toMatch(/positions 1 to 14 are missing, and retention did not remove them/);
    behind.close();
    journal.close();
  });

  it('keeps a payload as long as one event names it, and finds what a crash has left', () => {
    const path = newPath();
    const journal = createJournal({ path });
    const ballast = 'x'.repeat(300_000);
    journal.append('run-r1', 'none', own('r1', ballast));
    journal.append('run-r2', 'none', own('r2', ballast).map((event) => (event.type === 'WorkflowRequested' ? { ...event, data: { ...event.data, ballast } } : event)));
    journal.append('run-r3', 'none', own('r3', `${ballast}y`));
    const behind = new Sqlite(path);
    const stored = behind.prepare<[], string>("SELECT data FROM events WHERE stream = 'run-r1' AND version = 1").pluck().get();
    // As one content in two events: r2 names r1's file too.
    behind.prepare("UPDATE events SET data = ? WHERE stream = 'run-r2' AND version = 2").run(stored);
    behind.close();
    expect(payloadFiles(path)).toHaveLength(3);
    expect(journal.remove(everything, batch('one', 1))).toEqual(['r1']);
    expect(payloadFiles(path)).toHaveLength(3);
    expect(journal.remove(everything, batch('two', 1))).toEqual(['r2']);
    expect(payloadFiles(path)).toHaveLength(1);
    const orphan = join(path, '..', 'payloads', 'ab', `${'ab'.repeat(32)}.json`);
    const half = `${join(path, '..', 'payloads', payloadFiles(path)[0] ?? '')}.0123456789ab.tmp`;
    for (const file of [orphan, half]) writeFileSync(existsSync(join(file, '..')) ? file : join(path, '..', 'payloads', `${'ab'.repeat(32)}.json`), '{}');
    expect(payloadFiles(path)).toHaveLength(3);
    while (journal.shrink(100));
    expect(payloadFiles(path)).toHaveLength(1);
    expect(journal.read('run-r3')).toHaveLength(7);
    journal.close();
  });

  it('does not take a run whose own events say that it goes on, nor one that cannot be read', () => {
    const path = newPath();
    const journal = createJournal({ path });
    for (const run of ['r1', 'r2', 'r3']) journal.append(`run-${run}`, 'none', runHistory({ run, nodes: 2, end: run === 'r1' ? 'none' : 'completed' }));
    const behind = new Sqlite(path);
    behind.exec("UPDATE runs SET status = 'completed', ended_at = 1 WHERE id = 'r1'; UPDATE events SET data = '{' WHERE stream = 'run-r2' AND version = 3");
    expect(journal.remove(everything, batch('one'))).toEqual(['r3']);
    expect(journal.read('run-r1')).toHaveLength(5);
    behind.close();
    journal.close();
  });

  it('is refused in the middle of a transaction, and to a reader', () => {
    const path = newPath();
    const journal = createJournal({ path });
    expect(() => journal.together(() => journal.remove(everything, batch('one')))).toThrow(expect.objectContaining({ code: 'internal' }));
    const reader = createJournal({ path, readOnly: true });
    expect(() => reader.remove(everything, batch('one'))).toThrow(expect.objectContaining({ code: 'read_only' }));
    expect(() => reader.shrink(1)).toThrow(expect.objectContaining({ code: 'read_only' }));
    reader.close();
    journal.close();
  });

  it('lets a reader beside it go on: it sees a run whole or not at all, and nobody waits for it', () => {
    const path = newPath();
    // Patient enough that waiting for the reader would be the end of this test.
    const journal = createJournal({ path, busyMs: 600_000 });
    for (let n = 0; n < 40; n += 1) journal.append(`run-r${n}`, 'none', runHistory({ run: `r${n}`, nodes: 30 }));
    const reader = createJournal({ path, readOnly: true });
    const held = new Sqlite(path, { readonly: true });
    held.exec('BEGIN');
    expect(held.prepare('SELECT count(*) FROM events').pluck().get()).toBe(40 * 63);
    for (let n = 0; journal.remove(everything, batch(`removed-${n}`, 7)).length > 0; n += 1) {
      const left = reader.runs({}, 0, 100).rows.map((row) => row.id);
      expect(left).toHaveLength(Math.max(0, 40 - 7 * (n + 1)));
      for (const run of ['r0', 'r20', 'r39']) expect(reader.read(`run-${run}`)).toHaveLength(left.includes(RunId.parse(run)) ? 63 : 0);
      expect(reader.verify().problems).toEqual([]);
      journal.shrink(20);
    }
    while (journal.shrink(100));
    // Who still looks at how it was sees how it was.
    expect(held.prepare('SELECT count(*) FROM events').pluck().get()).toBe(40 * 63);
    held.close();
    expect(journal.shrink(100)).toBe(false);
    expect(statSync(path).size).toBeLessThan(200_000);
    expect(reader.verify()).toMatchObject({ problems: [], streams: 1 });
    reader.close();
    journal.close();
  });
});
