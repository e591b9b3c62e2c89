import { expect, it } from 'vitest';
import { runStream } from '#shared/events';
import { RunId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { createMemoryJournal } from '../../journal/memory.ts';
import { followRuns } from './run-board.ts';

const stream = (run: string): string => runStream(RunId.parse(run));

function opened() {
  const journal = createMemoryJournal();
  const told: string[] = [];
  const write = (run: string, options: Omit<Parameters<typeof runHistory>[0], 'run'> = {}): void => void journal.append(stream(run), 'none', runHistory({ run, nodes: 2, ...options }));
  return { journal, told, write, follow: () => followRuns(journal, (run) => told.push(`${run.id} ${run.workflowName} ${run.status}`)) };
}

it('begins with what the journal knows, and goes on with what happens', () => {
  const { told, write, follow } = opened();
  write('r1', { end: 'none' });
  write('r2', { end: 'failed' });
  const board = follow();
  expect(board.running().map((run) => run.id)).toEqual(['r1']);
  expect(board.failed().map((run) => run.id)).toEqual(['r2']);
  expect(board.inHand()).toBe(1);
  write('r3', { end: 'failed', workflowName: 'Stock', trigger: 'cli' });
  expect(told).toEqual(['r3 Stock queued', 'r3 Stock running', 'r3 Stock failed']);
  expect(board.failed()).toMatchObject([{ id: 'r3', trigger: 'cli' }, { id: 'r2' }]);
  expect(board.inHand()).toBe(1);
});

it('knows the workflow of a run that began before it looked', () => {
  const { journal, told, write, follow } = opened();
  write('r1', { end: 'none' });
  const board = follow();
  journal.append(stream('r1'), 'any', [{ type: 'WorkflowCompleted', data: { durationMs: 5 }, at: 9, id: 'end' }]);
  expect(told).toEqual(['r1 Orders completed']);
  expect(board.running()).toEqual([]);
  expect(board.inHand()).toBe(0);
});

it('counts a run that waits for its turn, not one that waits for a person', () => {
  const { journal, write, follow } = opened();
  const board = follow();
  journal.append(stream('r1'), 'none', runHistory({ run: 'r1', nodes: 2 }).slice(0, 1));
  expect([board.inHand(), board.running().length]).toEqual([1, 0]);
  write('r2', { end: 'none' });
  journal.append(stream('r2'), 'any', [{ type: 'WorkflowPaused', data: { question: { kind: 'recovery', reason: 'It crashed.' } }, at: 9, id: 'pause' }]);
  expect([board.inHand(), board.running().length]).toEqual([1, 0]);
});

it('keeps the last five failures, and hears no more once stopped', () => {
  const { told, write, follow } = opened();
  const board = follow();
  for (const run of ['a', 'b', 'c', 'd', 'e', 'f']) write(run, { end: 'failed' });
  expect(board.failed().map((run) => run.id)).toEqual(['f', 'e', 'd', 'c', 'b']);
  board.stop();
  const before = told.length;
  write('g', { end: 'failed' });
  expect(told).toHaveLength(before);
});
