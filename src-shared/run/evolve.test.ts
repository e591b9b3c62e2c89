import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENTS, isOfARun } from '#shared/events';
import type { EventType, NewEvent } from '#shared/events';
import { evolve, folding, replay } from '#shared/run/evolve';
import { anyHistory, runHistory } from '#shared/run/history.testing';
import { NodeId, RunId } from '#shared/ids';
import { isTerminal, keptOutputs, NODE_STATUSES, RUN_STATUSES, writtenFiles } from '#shared/run/run';
import type { NodeRun, Run } from '#shared/run/run';

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

  it('a node that was skipped with its segment and starts after all, or is found done, is not skipped any more', () => {
    const [request, started, begun, completed] = runHistory({ run: 'r1', nodes: 2 });
    if (request === undefined || started === undefined || begun?.type !== 'NodeExecutionStarted' || completed === undefined) throw new Error('not the history expected');
    const id = begun.data.node;
    const skipped: NewEvent = { type: 'NodeExecutionSkipped', id: 's', at: 5, data: { node: id, reason: { kind: 'segmentFailed', node: id } } };
    expect(node([request, started, begun, skipped], id)).toMatchObject({ status: 'skipped', skipped: { kind: 'segmentFailed' } });
    expect(node([request, started, begun, skipped, begun], id)).toMatchObject({ status: 'running', skipped: null });
    expect(node([request, started, begun, skipped, completed], id)).toMatchObject({ status: 'completed', skipped: null });
  });

  it('leaves nothing out of nothing: events before the request, and of a workflow, change no state', () => {
    expect(replay(runHistory({ run: 'r1' }).slice(1))).toBeNull();
    const run = replay(runHistory({ run: 'r1' }));
    const saved: NewEvent = { type: 'WorkflowDeleted', id: 'd', at: 1, data: { workflowId: run?.workflowId ?? ('' as never), path: 'orders.json' } };
    expect(evolve(run, saved)).toBe(run);
  });
});

const interrupted = (orderly?: boolean) => ({ type: 'WorkflowInterrupted', data: { reason: 'The studio ended.', workedMs: 40, ...(orderly === undefined ? {} : { orderly }) } }) as const;
const resumed = (...repeat: NodeId[]) => ({ type: 'WorkflowResumed', data: { by: 'recovery', repeat } }) as const;

describe('a run that is interrupted, asked about and taken up again', () => {
  const [request, started, begun, completed, second] = runHistory({ run: 'r1', nodes: 3, at: 1000 });
  const a = NodeId.parse('node-1');
  const b = NodeId.parse('node-2');
  const going = [request, started, begun, completed, second].filter((one) => one !== undefined);
  const after = (...steps: readonly Pick<NewEvent, 'type' | 'data'>[]): Run => {
    const run = replay([...going, ...steps.map((step, index) => ({ ...step, at: 2000 + index, id: `s${index}` }) as NewEvent)]);
    if (run === null) throw new Error('It was asked for.');
    return run;
  };
  const lost = { type: 'NodeAttemptLost', data: { node: b, attempt: 1, reason: 'signal SIGKILL' } } as const;
  const intended = { type: 'NodeEffectIntended', data: { node: b, attempt: 1, effect: 'e1', what: 'Three rows are sent.', rows: 3, proof: null } } as const;

  it('stands still, which is no end, and counts how long it was worked on', () => {
    const run = after(lost, interrupted());
    expect(run).toMatchObject({ status: 'interrupted', interruption: 'The studio ended.', workedMs: 40, endedAt: null });
    expect(isTerminal(run.status)).toBe(false);
    expect(after(lost, interrupted(), resumed(), lost, interrupted()).workedMs).toBe(80);
  });

  it('goes on with what was lost, and with what it has to repeat, as if they had not run; their attempts stay', () => {
    const run = after(lost, interrupted(), resumed(a));
    expect(run).toMatchObject({ status: 'running', interruption: null, resumedAt: 2002 });
    expect(run.nodes[b]).toMatchObject({ status: 'pending', segment: null, attempts: [{ attempt: 1, outcome: 'lost', reason: 'signal SIGKILL' }] });
    expect(run.nodes[a]).toMatchObject({ status: 'pending', rowsIn: 0, rowsOut: {}, key: null, durationMs: null, attempts: [{ attempt: 1, outcome: 'completed' }] });
  });

  it('counts interruptions without anything new done in between; closing the studio is none of them', () => {
    expect(after(lost, interrupted())).toMatchObject({ achieved: 1, fruitless: 1 });
    const again = [lost, interrupted(), resumed()] as const;
    expect(after(...again, lost, interrupted()).fruitless).toBe(2);
    expect(after(...again, lost, interrupted(true)).fruitless).toBe(1);
    expect(after(lost, interrupted(true)).fruitless).toBe(0);
    const done = { type: 'NodeExecutionCompleted', data: { node: b, attempt: 2, rowsIn: 1, rowsOut: {}, durationMs: 1, report: {}, key: null } } as const;
    const start = { type: 'NodeExecutionStarted', data: { node: b, attempt: 2, segment: 's2' } } as const;
    expect(after(...again, start, done, interrupted())).toMatchObject({ achieved: 2, fruitless: 1 });
    const failed = { type: 'NodeExecutionFailed', data: { node: b, attempt: 2, durationMs: 1, error: { code: 'timeout', message: 'It took too long.' } } } as const;
    expect(after(...again, start, failed, interrupted())).toMatchObject({ achieved: 2, fruitless: 1 });
  });

  it('waits for an answer, and stands still after it until it is taken up', () => {
    const asks = { type: 'WorkflowPaused', data: { question: { kind: 'recovery', reason: 'The studio ended.' } } } as const;
    const answered = { type: 'WorkflowAnswered', data: { answer: 'repeat', by: 'person' } } as const;
    expect(after(lost, interrupted(), asks)).toMatchObject({ status: 'paused', question: { kind: 'recovery' } });
    expect(after(lost, interrupted(), asks, answered)).toMatchObject({ status: 'interrupted', question: null });
    expect(after(lost, interrupted(), asks, answered, resumed())).toMatchObject({ status: 'running', question: null });
  });

  it('knows of each effect whether it has happened, also when its node runs again', () => {
    expect(after(intended).nodes[b]?.effects).toEqual([{ effect: 'e1', attempt: 1, what: 'Three rows are sent.', rows: 3, proof: null, state: 'intended' }]);
    expect(after(intended, { type: 'NodeEffectConfirmed', data: { node: b, effect: 'e1' } }).nodes[b]?.effects).toMatchObject([{ state: 'confirmed' }]);
    expect(after(intended, { type: 'NodeEffectDropped', data: { node: b, effect: 'e1', reason: 'It did not happen.' } }).nodes[b]?.effects).toMatchObject([{ state: 'dropped' }]);
    expect(after(intended, { type: 'NodeEffectConfirmed', data: { node: b, effect: 'another' } }).nodes[b]?.effects).toMatchObject([{ state: 'intended' }]);
    expect(after(intended, lost, interrupted(), resumed()).nodes[b]).toMatchObject({ status: 'pending', effects: [{ state: 'intended' }] });
  });

  it('a failure that went to the port `error` stays a failure', () => {
    const failed = { type: 'NodeExecutionFailed', data: { node: b, attempt: 1, durationMs: 1, error: { code: 'io', message: 'No.' } } } as const;
    expect(after(failed, { type: 'NodeFailureDiverted', data: { node: b, attempt: 1 } }).nodes[b]).toMatchObject({ status: 'failed', diverted: true, error: { code: 'io' } });
  });

  it('a node whose output stands has completed without an attempt, with its rows and files as they were', () => {
    const from = RunId.parse('r0');
    const mark = { ino: '7', bytes: 50, mtimeNs: '1767225600000000001' };
    const run = after({ type: 'NodeOutputReused', data: { node: b, from, rowsIn: 9, rowsOut: { out: 8 }, key: 'k', outputs: [{ port: 'out', hash: 'ab', rows: 8, bytes: 100 }], files: [{ path: '/out.csv', rows: 8, bytes: 50, mark }, { path: '/old.csv', rows: 1, bytes: 9 }] } });
    const reused = run.nodes[b];
    expect(reused).toMatchObject({ status: 'completed', rowsIn: 9, rowsOut: { out: 8 }, key: 'k', reusedFrom: from });
    if (reused === undefined) throw new Error('It is there.');
    expect(keptOutputs(reused)).toEqual([{ port: 'out', hash: 'ab', rows: 8, bytes: 100 }]);
    expect(writtenFiles(reused)).toEqual([{ path: '/out.csv', rows: 8, bytes: 50, mark }, { path: '/old.csv', rows: 1, bytes: 9 }]);
    const written = after({ type: 'NodeOutputCommitted', data: { node: b, attempt: 1, port: null, path: '/out.csv', rows: 8, bytes: 50, hash: null, mark } }).nodes[b];
    expect(written === undefined ? [] : writtenFiles(written)).toEqual([{ path: '/out.csv', rows: 8, bytes: 50, mark }]);
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

  it('folded in place it is after each event what evolve gives, and node states that were handed out stay as they were', () => {
    fc.assert(
      fc.property(anyHistory('r1', 40), (history) => {
        const fold = folding();
        let run: Run | null = null;
        let handedOut: readonly [NodeRun, string][] = [];
        for (const event of history) {
          fold.add(event);
          run = evolve(run, event);
          expect(JSON.stringify(fold.run())).toBe(JSON.stringify(run));
          for (const [one, text] of handedOut) expect(JSON.stringify(one)).toBe(text);
          handedOut = Object.values(fold.run()?.nodes ?? {}).map((one) => [one, JSON.stringify(one)]);
        }
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

  it('every event that a run can have is made here', () => {
    const made = new Set(fc.sample(anyHistory('r1', 40), { numRuns: 200, seed: 1 }).flatMap((history) => history.map((event) => event.type)));
    expect((Object.keys(EVENTS) as EventType[]).filter((type) => isOfARun({ type }) && !made.has(type))).toEqual([]);
  });

  it('every event made here is of its shape', () => {
    fc.assert(
      fc.property(anyHistory('r1', 25), (history) => {
        for (const event of history) expect(EVENTS[event.type].data.safeParse(event.data).error).toBeUndefined();
      }),
    );
  });
});
