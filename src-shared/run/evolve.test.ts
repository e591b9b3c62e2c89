import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENTS } from '#shared/events';
import type { NewEvent } from '#shared/events';
import { evolve, replay } from '#shared/run/evolve';
import { anyHistory, runHistory } from '#shared/run/history.testing';
import { isTerminal, NODE_STATUSES, RUN_STATUSES } from '#shared/run/run';
import type { Run } from '#shared/run/run';

const node = (history: readonly NewEvent[], id: string) => replay(history)?.nodes[id];

describe('a run is a fold of its events', () => {
  it('starts with its request, every node of the workflow pending and in the order of the file', () => {
    const run = replay(runHistory({ run: 'r1', nodes: 3 }).slice(0, 1));
    expect(run).toMatchObject({ id: 'r1', status: 'queued', version: 1, startedAt: null, error: null });
    expect(Object.entries(run?.nodes ?? {}).map(([id, one]) => [id, one.status])).toEqual([
      ['node-1', 'pending'],
      ['node-2', 'pending'],
      ['node-3', 'pending'],
    ]);
  });

  it('ends completed, with rows, times and attempts of each node', () => {
    const history = runHistory({ run: 'r1', nodes: 2, at: 1000 });
    const run = replay(history);
    expect(run).toMatchObject({ status: 'completed', requestedAt: 1000, startedAt: 1001, endedAt: 1006, durationMs: 6, version: 7 });
    expect(run?.nodes['node-1']).toMatchObject({ status: 'completed', rowsIn: 1000, rowsOut: { out: 999 }, durationMs: 1.25, attempts: [{ attempt: 1, startedAt: 1002, endedAt: 1003, outcome: 'completed' }] });
  });

  it('names the failed node and keeps its error', () => {
    const run = replay(runHistory({ run: 'r1', nodes: 2, end: 'failed' }));
    expect(run).toMatchObject({ status: 'failed', failedNode: 'node-2', error: { message: 'The file is not there.' } });
    expect(run?.nodes['node-2']).toMatchObject({ status: 'failed', attempts: [{ outcome: 'failed', error: { code: 'node_failed' } }] });
  });

  it('shows a retry as a second attempt, and a lost attempt as lost', () => {
    const [request, started, ...rest] = runHistory({ run: 'r1', nodes: 2 });
    const begun = rest[0];
    if (request === undefined || started === undefined || begun?.type !== 'NodeExecutionStarted') throw new Error('not the history expected');
    const id = begun.data.node;
    const lost: NewEvent = { type: 'NodeAttemptLost', id: 'l', at: 5, data: { node: id, attempt: 1, reason: 'the worker died' } };
    const retry: NewEvent = { type: 'NodeRetryScheduled', id: 'y', at: 6, data: { node: id, attempt: 2, delayMs: 10, dueAt: '2026-01-01T00:00:00Z' } };
    const again: NewEvent = { ...begun, id: 'z', at: 20, data: { ...begun.data, attempt: 2 } };
    expect(node([request, started, begun, lost], id)).toMatchObject({ status: 'lost', attempts: [{ outcome: 'lost', reason: 'the worker died' }] });
    expect(node([request, started, begun, lost, retry], id)).toMatchObject({ status: 'retrying', retryAt: '2026-01-01T00:00:00Z' });
    expect(node([request, started, begun, lost, retry, again], id)).toMatchObject({ status: 'running', retryAt: null, attempts: [{ attempt: 1 }, { attempt: 2, outcome: 'running' }] });
  });

  it('leaves nothing out of nothing: events before the request, and of a workflow, change no state', () => {
    expect(replay(runHistory({ run: 'r1' }).slice(1))).toBeNull();
    const run = replay(runHistory({ run: 'r1' }));
    const saved: NewEvent = { type: 'WorkflowDeleted', id: 'd', at: 1, data: { workflowId: run?.workflowId ?? ('' as never), path: 'orders.json' } };
    expect(evolve(run, saved)).toBe(run);
  });
});

const folded = (events: readonly NewEvent[], from: Run | null = null): Run | null => events.reduce<Run | null>(evolve, from);

describe('for any history', () => {
  it('replays to what evolve gives one event after the other, and changes nothing that it was given', () => {
    fc.assert(
      fc.property(anyHistory('r1', 40), fc.nat(), (history, cut) => {
        const at = cut % (history.length + 1);
        const before = folded(history.slice(0, at));
        const text = JSON.stringify(before);
        // The same text: the order of the keys too, because snapshots are compared by it.
        expect(JSON.stringify(replay(history.slice(at), before))).toBe(JSON.stringify(folded(history)));
        expect(JSON.stringify(replay(history))).toBe(JSON.stringify(folded(history)));
        expect(JSON.stringify(before)).toBe(text);
      }),
    );
  });

  it('the fold of all is the fold of the rest over the fold of a prefix, through JSON', () => {
    fc.assert(
      fc.property(anyHistory('r1', 40), fc.nat(), (history, cut) => {
        const at = cut % (history.length + 1);
        const kept = replay(history.slice(0, at));
        const thawed = JSON.parse(JSON.stringify(kept)) as typeof kept;
        expect(replay(history.slice(at), thawed)).toEqual(replay(history));
      }),
    );
  });

  it('no event changes the state it is given', () => {
    fc.assert(
      fc.property(anyHistory('r1', 25), (history) => {
        let run = replay([]);
        for (const event of history) {
          const before = JSON.stringify(run);
          const next = evolve(run, event);
          expect(JSON.stringify(run)).toBe(before);
          run = next;
        }
      }),
    );
  });

  it('every state is one the window knows, ends once its terminal event is there, and counts its events', () => {
    fc.assert(
      fc.property(anyHistory('r1', 25), (history) => {
        const run = replay(history);
        const last = history.at(-1);
        expect(RUN_STATUSES).toContain(run?.status);
        expect(run?.version).toBe(history.length);
        for (const one of Object.values(run?.nodes ?? {})) {
          expect(NODE_STATUSES).toContain(one.status);
          for (const attempt of one.attempts) expect('endedAt' in attempt).toBe(attempt.outcome !== 'running');
        }
        if (last?.type === 'WorkflowCompleted') expect(isTerminal(run?.status ?? 'queued') && run?.endedAt === last.at).toBe(true);
      }),
    );
  });

  it('every event made here is of its shape', () => {
    fc.assert(
      fc.property(anyHistory('r1', 25), (history) => {
        for (const event of history) expect(EVENTS[event.type].data.safeParse(event.data).error).toBeUndefined();
      }),
    );
  });
});
