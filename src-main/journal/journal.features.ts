import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStream, workflowStream } from '#shared/events';
import type { NewEvent, StudioEvent } from '#shared/events';
import { RunId, WorkflowId } from '#shared/ids';
import { replay } from '#shared/run/evolve';
import { anyHistory, runHistory } from '#shared/run/history.testing';
import { isTerminal } from '#shared/run/run';
import { exportEvents } from './export.ts';
import type { Journal } from './journal.ts';
import { LOG_LINES } from './logs.ts';

const id = (run: string): RunId => RunId.parse(run);
const at = (events: readonly NewEvent[], index: number): NewEvent => {
  const event = events[index];
  if (event === undefined) throw new Error(`no event ${index}`);
  return event;
};
const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ node: null, at: from + n, level: 'info' as const, text: `line ${from + n}`, attempt: null, version: 2 + n }));
const saved = (n: number): NewEvent => ({ type: 'WorkflowSaved', at: n, id: `saved-${n}`, data: { workflowId: WorkflowId.parse('orders'), name: 'Orders', revision: `${n}`, path: '/orders.json' } });

/** What every journal does, whatever it writes to. */
export function journalFeatures(make: () => Journal): void {
  let journal: Journal;
  beforeEach(() => {
    journal = make();
  });
  afterEach(() => journal.close());
  const write = (events: readonly NewEvent[], run: string): readonly StudioEvent[] => journal.append(runStream(run), 'none', events);

  describe('append', () => {
    it('gives each event its version in the stream and its position in the journal', () => {
      write(runHistory({ run: 'r1', nodes: 2 }), 'r1');
      const written = journal.append(workflowStream('orders'), 'none', [saved(1), saved(2)], { correlation: 'c', causation: 'k' });
      expect(written.map(({ stream, version, position }) => ({ stream, version, position }))).toEqual([
        { stream: 'workflow-orders', version: 1, position: 8 },
        { stream: 'workflow-orders', version: 2, position: 9 },
      ]);
      expect(journal.read('workflow-orders')).toEqual(written);
      expect(written[0]).toEqual({ ...saved(1), stream: 'workflow-orders', version: 1, position: 8, schema: 1, correlation: 'c', causation: 'k' });
      expect(journal.lastPosition()).toBe(9);
    });

    it('refuses a wrong expected version, and writes nothing', () => {
      const history = runHistory({ run: 'r1', nodes: 2 });
      write(history.slice(0, 2), 'r1');
      const rest = history.slice(2);
      for (const expected of ['none', 0, 1, 3, 100] as const) {
        expect(() => journal.append('run-r1', expected, rest)).toThrow(expect.objectContaining({ code: 'conflict' }));
      }
      expect(() => journal.append('run-r2', 1, rest)).toThrow(expect.objectContaining({ code: 'conflict' }));
      expect(journal.read('run-r1')).toHaveLength(2);
      expect(journal.lastPosition()).toBe(2);
      expect(journal.append('run-r1', 2, rest)).toHaveLength(rest.length);
    });

    it('takes any version when the caller does not care', () => {
      journal.append('workflow-orders', 'any', [saved(1)]);
      journal.append('workflow-orders', 'any', [saved(2), saved(3)]);
      expect(journal.read('workflow-orders').map((event) => event.version)).toEqual([1, 2, 3]);
    });

    it('writes an id once: a batch sent again is answered with what is stored', () => {
      const history = runHistory({ run: 'r1', nodes: 2 });
      const first = write(history, 'r1');
      expect(write(history, 'r1')).toEqual(first);
      expect(journal.append('run-r1', 3, history)).toEqual(first);
      expect(journal.read('run-r1')).toHaveLength(history.length);
    });

    it('writes what is new of a batch that is partly there, where the version allows it', () => {
      journal.append('workflow-orders', 'none', [saved(1)]);
      expect(() => journal.append('workflow-orders', 'none', [saved(1), saved(2)])).toThrow(expect.objectContaining({ code: 'conflict' }));
      expect(journal.append('workflow-orders', 'any', [saved(1), saved(2), saved(2)]).map((event) => event.version)).toEqual([1, 2, 2]);
      expect(journal.read('workflow-orders')).toHaveLength(2);
    });

    it('refuses an id that is in another stream', () => {
      journal.append('workflow-orders', 'none', [saved(1)]);
      expect(() => journal.append('workflow-others', 'none', [saved(1)])).toThrow(expect.objectContaining({ code: 'conflict' }));
    });

    it('refuses what is not of its shape, all of the batch', () => {
      const history = runHistory({ run: 'r1', nodes: 2 });
      const wrong = { ...at(history, 2), data: { node: 'node-1', attempt: 0, segment: 's1' } } as NewEvent;
      expect(() => write([at(history, 0), wrong], 'r1')).toThrow(expect.objectContaining({ code: 'internal' }));
      expect(() => write(history, 'another')).toThrow(expect.objectContaining({ code: 'internal' }));
      expect(() => write([{ ...at(history, 0), at: Number.NaN }], 'r1')).toThrow(expect.objectContaining({ code: 'internal' }));
      expect(journal.lastPosition()).toBe(0);
    });

    it('appends together: told of after it, and what throws takes back itself alone', () => {
      const heard: string[] = [];
      journal.subscribe((events) => heard.push(...events.map((event) => event.stream)));
      const done = journal.together(() => {
        write(runHistory({ run: 'r1', nodes: 2 }), 'r1');
        write(runHistory({ run: 'r2', nodes: 2 }).slice(0, 2), 'r2');
        expect(() => write(runHistory({ run: 'r3', nodes: 2 }).map((event, index) => (index === 2 ? { ...event, id: 'r1-2' } : event)), 'r3')).toThrow(expect.objectContaining({ code: 'conflict' }));
        expect(heard).toEqual([]);
        return 'done';
      });
      expect(done).toBe('done');
      expect([...new Set(heard)]).toEqual(['run-r1', 'run-r2']);
      journal.append('run-r2', 2, runHistory({ run: 'r2', nodes: 2 }).slice(2));
      write(runHistory({ run: 'r3', nodes: 2 }), 'r3');
      expect(journal.runs({}, 0, 10).rows.map((row) => [row.id, row.status])).toEqual(['r3', 'r2', 'r1'].map((run) => [run, 'completed']));
      expect(journal.verify().problems).toEqual([]);
    });

    it('tells listeners what was written, once, also when one of them throws', () => {
      const heard: string[] = [];
      journal.subscribe(() => {
        throw new Error('a listener of the test that fails');
      });
      const stop = journal.subscribe((events) => heard.push(...events.map((event) => event.id)));
      write([at(runHistory({ run: 'r1' }), 0)], 'r1');
      write([at(runHistory({ run: 'r1' }), 0)], 'r1');
      stop();
      write([at(runHistory({ run: 'r2' }), 0)], 'r2');
      expect(heard).toEqual(['r1-1']);
    });
  });

  describe('reading', () => {
    it('pages through a stream and through everything', () => {
      write(runHistory({ run: 'r1', nodes: 2 }), 'r1');
      write(runHistory({ run: 'r2', nodes: 2 }), 'r2');
      expect(journal.read('run-r2', 2, 3).map((event) => event.version)).toEqual([3, 4, 5]);
      expect(journal.read('run-nobody')).toEqual([]);
      expect(journal.readAll(5, 4).map((event) => event.position)).toEqual([6, 7, 8, 9]);
      expect(journal.readAll(14, 4)).toEqual([]);
    });

    it('holds a payload over 256 KiB like any other', () => {
      const history = runHistory({ run: 'big', ballast: '水'.repeat(100_000) });
      write(history, 'big');
      expect(journal.read('run-big', 0, 1)[0]?.data).toEqual(history[0]?.data);
      expect(journal.run(id('big'))?.workflow['ballast']).toBe('水'.repeat(100_000));
      expect(journal.verify().problems).toEqual([]);
    });

    it('gives the state at every version, whatever the batches were', () => {
      fc.assert(
        fc.property(anyHistory('any', 230), fc.integer({ min: 1, max: 120 }), (history, batch) => {
          const own = make();
          try {
            for (let from = 0; from < history.length; from += batch) own.append('run-any', from, history.slice(from, from + batch));
            for (let version = 1; version <= history.length; version += version % 100 > 2 ? 7 : 1) expect(own.run(id('any'), version)).toEqual(replay(history.slice(0, version)));
            expect(own.run(id('any'))).toEqual(replay(history));
            expect(own.verify().problems).toEqual([]);
          } finally {
            own.close();
          }
        }),
        { numRuns: 15 },
      );
    });
  });

  describe('the run list', () => {
    beforeEach(() => {
      write(runHistory({ run: 'r1', at: 1000, nodes: 3 }), 'r1');
      write(runHistory({ run: 'r2', at: 2000, end: 'failed', workflow: 'stock', workflowName: '库存 100%' }), 'r2');
      write(runHistory({ run: 'r3', at: 3000, end: 'none', trigger: 'cli' }), 'r3');
      write(runHistory({ run: 'r4', at: 4000, end: 'cancelled' }), 'r4');
      write(runHistory({ run: 'r5', at: 5000 }).slice(0, 1), 'r5');
    });

    it('has a row a run, newest first, that says what the events say', () => {
      const { rows, total, counts } = journal.runs({}, 0, 10);
      expect(rows.map((row) => row.id)).toEqual(['r5', 'r4', 'r3', 'r2', 'r1']);
      expect({ total, counts }).toEqual({ total: 5, counts: { queued: 1, running: 1, completed: 1, failed: 1, cancelled: 1, interrupted: 0, paused: 0 } });
      expect(rows.at(-1)).toEqual({
        id: 'r1', workflowId: 'orders', workflowName: 'Orders', status: 'completed', trigger: 'manual', requestedAt: 1000, startedAt: 1001, endedAt: 1008, durationMs: 8, rowsOut: 998, error: null, version: 9,
      });
      expect(rows[3]).toMatchObject({ status: 'failed', error: 'The file is not there.', rowsOut: 0 });
    });

    it.each([
      [{ status: ['completed', 'failed'] as const }, ['r2', 'r1']],
      [{ status: [] }, []],
      [{ workflowId: 'stock' }, ['r2']],
      [{ trigger: 'cli' }, ['r3']],
      [{ search: '库存' }, ['r2']],
      [{ search: '100%' }, ['r2']],
      [{ search: '_' }, []],
      [{ search: 'ORDERS' }, ['r5', 'r4', 'r3', 'r1']],
      [{ search: 'R4' }, ['r4']],
      [{ from: 2000, to: 4000 }, ['r4', 'r3', 'r2']],
      [{ from: 2000, status: ['running'] as const, workflowId: 'orders' }, ['r3']],
    ])('filters by %j', (filter, found) => {
      const page = journal.runs(filter, 0, 10);
      expect(page.rows.map((row) => row.id)).toEqual(found);
      expect(page.total).toBe(found.length);
    });

    it('pages, and counts what each choice of status would show', () => {
      expect(journal.runs({}, 1, 2)).toMatchObject({ rows: [{ id: 'r4' }, { id: 'r3' }], total: 5 });
      expect(journal.runs({}, 9, 2)).toMatchObject({ rows: [], total: 5 });
      expect(journal.runs({ status: ['failed'], workflowId: 'orders' }, 0, 9)).toMatchObject({ rows: [], total: 0, counts: { completed: 1, failed: 0, running: 1 } });
    });

    it('knows the unfinished runs, oldest first, and the last ones of each workflow', () => {
      expect(journal.unfinished()).toEqual(['r3', 'r5']);
      const strips = journal.lastRuns(2);
      const found = Object.fromEntries(Object.entries(strips).map(([workflow, rows]) => [workflow, rows.map((row) => row.id)]));
      expect(found).toEqual({ orders: ['r5', 'r4'], stock: ['r2'] });
    });

    it('counts each day of each workflow', () => {
      const none = { completed: 0, failed: 0, cancelled: 0, durationMs: 0, rowsOut: 0 };
      expect(journal.days('1970-01-01')).toEqual([
        { ...none, day: '1970-01-01', workflowId: 'orders', completed: 1, cancelled: 1, durationMs: 8 + 21, rowsOut: 998 },
        { ...none, day: '1970-01-01', workflowId: 'stock', failed: 1, durationMs: 22 },
      ]);
      expect(journal.days('1970-01-02')).toEqual([]);
    });

    it('draws a bar an attempt, of a live run and of one that has ended', () => {
      expect(journal.timeline(id('r3')).at(-1)).toEqual({ run: 'r3', node: 'node-10', attempt: 1, startedAt: 3020, endedAt: null, outcome: 'running' });
      expect(journal.timeline(id('r1'))).toEqual([
        { run: 'r1', node: 'node-1', attempt: 1, startedAt: 1002, endedAt: 1003, outcome: 'completed' },
        { run: 'r1', node: 'node-2', attempt: 1, startedAt: 1004, endedAt: 1005, outcome: 'completed' },
        { run: 'r1', node: 'node-3', attempt: 1, startedAt: 1006, endedAt: 1007, outcome: 'completed' },
      ]);
      expect(journal.timeline(id('nobody'))).toEqual([]);
    });
  });

  it('says in its rows and bars what the fold says, for any history in any batches', () => {
    fc.assert(
      fc.property(anyHistory('any', 30), fc.integer({ min: 1, max: 9 }), (history, batch) => {
        const own = make();
        try {
          for (let from = 0; from < history.length; from += batch) own.append('run-any', from, history.slice(from, from + batch));
          const run = replay(history);
          if (run === null) throw new Error('a history without a run');
          const { id: _, workflowId, workflowName, status, requestedAt, startedAt, endedAt, durationMs, version } = run;
          const sinks = Object.values(run.nodes).filter((node) => node.status === 'completed' && Object.keys(node.rowsOut).length === 0);
          const rowsOut = isTerminal(status) ? sinks.reduce((sum, node) => sum + node.rowsIn, 0) : 0;
          expect(own.runs({}, 0, 1).rows[0]).toEqual({ id: 'any', workflowId, workflowName, status, trigger: 'manual', requestedAt, startedAt, endedAt, durationMs, rowsOut, error: run.error?.message ?? null, version });
          const bars = Object.values(run.nodes).flatMap((node) => node.attempts.map(({ attempt, startedAt: start, outcome, ...more }) => ({ run: 'any', node: node.id as string, attempt, startedAt: start, endedAt: 'endedAt' in more ? more.endedAt : null, outcome: outcome as string })));
          const sorted = (rows: readonly (typeof bars)[number][]): unknown[] => rows.toSorted((a, b) => a.startedAt - b.startedAt);
          expect(sorted(own.timeline(id('any')))).toEqual(sorted(bars));
        } finally {
          own.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  describe('logs', () => {
    it('keeps lines in their order, by run', () => {
      journal.log(id('r1'), [{ node: 'n', at: 1, level: 'info', text: 'one', attempt: 2, version: 7 }]);
      journal.log(id('r1'), [{ node: null, at: 2, level: 'error', text: '二', attempt: null, version: 0 }]);
      journal.log(id('r2'), []);
      expect(journal.logs(id('r1'))).toEqual([
        { node: 'n', at: 1, level: 'info', text: 'one', attempt: 2, version: 7 },
        { node: null, at: 2, level: 'error', text: '二', attempt: null, version: 0 },
      ]);
      expect(journal.logs(id('r2'))).toEqual([]);
    });

    it('is bounded: the first lines stay, one line says how many were not kept', () => {
      journal.log(id('r1'), lines(0, LOG_LINES - 1));
      journal.log(id('r1'), lines(LOG_LINES - 1, 5));
      journal.log(id('r1'), lines(LOG_LINES + 4, 3));
      const kept = journal.logs(id('r1'));
      expect(kept).toHaveLength(LOG_LINES + 1);
      expect(kept.at(-2)?.text).toBe(`line ${LOG_LINES - 1}`);
      expect(kept.at(-1)).toMatchObject({ level: 'warn', at: LOG_LINES + 6, attempt: null, version: 4, text: expect.stringMatching(/^7 more lines .*7 行/) as string });
    });

    it('cuts a line that is too long', () => {
      journal.log(id('r1'), [{ node: null, at: 1, level: 'info', text: 'x'.repeat(100_000), attempt: null, version: 1 }]);
      expect(journal.logs(id('r1'))[0]?.text.length).toBeLessThan(20_000);
    });
  });

  it('counts what it holds, before and after more is written', () => {
    expect(journal.stats()).toMatchObject({ events: 0, streams: 0, runs: 0 });
    write(runHistory({ run: 'r1', nodes: 2 }), 'r1');
    expect(journal.stats()).toMatchObject({ events: 7, streams: 1, runs: 1 });
    journal.append('workflow-orders', 'none', [saved(1)]);
    expect(journal.stats()).toMatchObject({ events: 8, streams: 2, runs: 1 });
    expect(journal.verify()).toMatchObject({ events: 8, streams: 2, problems: [] });
    expect(journal.rebuild()).toEqual({ events: 8 });
  });

  it('exports every event as a line of JSON', () => {
    for (let n = 0; n < 80; n += 1) write(runHistory({ run: `r${n}`, nodes: 3 }), `r${n}`);
    expect([...exportEvents(journal)].map((line) => JSON.parse(line) as unknown)).toEqual(journal.readAll(0, 10_000));
  });
}
