import { describe, expect, test } from 'vitest';
import { RunId } from '#shared/ids';
import { createMemoryJournal } from '../journal/memory.ts';
import { runHistory } from '#shared/run/history.testing';
import { collectRun } from './collect.ts';
import { contentHash, partsOf } from './format.ts';
import type { RunContent } from './format.ts';
import { readRunFile } from './read.ts';
import { redacted } from './redact.ts';
import { someRun, withWorkflow } from './run-file.testing.ts';

/** As somebody could write it who knows how a file is made. */
const fileOf = (content: RunContent): string => JSON.stringify({ format: 'millrace-run', formatVersion: 1, exportedAt: new Date(0).toISOString(), millrace: '1', sha256: contentHash(partsOf(content)), ...content });

type FileEvent = RunContent['events'][number];

/** The beginning of a run, followed by events of somebody's making. */
function followed(content: RunContent, more: readonly Pick<FileEvent, 'type' | 'schema' | 'data'>[]): RunContent {
  const [first] = content.events;
  if (first === undefined) throw new Error('no events');
  return { ...content, samples: {}, console: [], events: [first, ...more.map((one, index): FileEvent => ({ ...one, version: index + 2, at: 1, id: `e${index}` }))] };
}

const retry = (node: string): Pick<FileEvent, 'type' | 'schema' | 'data'> => ({ type: 'NodeRetryScheduled', schema: 1, data: { node, attempt: 1, delayMs: 1, dueAt: '' } });
const resumed = (repeat: readonly string[]): Pick<FileEvent, 'type' | 'schema' | 'data'> => ({ type: 'WorkflowResumed', schema: 2, data: { by: 'person', repeat } });
const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({ length: count }, (_, index) => make(index));
const table = { columns: [{ name: 'a', type: 'VARCHAR' }], rows: [['1']], partial: false };

describe('a file of somebody’s making is refused', () => {
  test.each(['other', 'constructor', '__proto__', 'toString'])('with events about the node %s, which its workflow does not have', (node) => {
    expect(() => readRunFile(fileOf(followed(someRun(), [retry(node)])))).toThrow(/Event 2 .* about a node that its workflow does not have/);
    expect(() => readRunFile(fileOf(followed(someRun(), [resumed([node])])))).toThrow(/about a node/);
  });

  test('with rows of such a node', () => {
    expect(() => readRunFile(fileOf(someRun((events) => events, { samples: { other: { out: table } } })))).toThrow(/rows of a node that its workflow does not have/);
  });

  test('with a time that no calendar has', () => {
    const run = someRun();
    expect(() => readRunFile(fileOf({ ...run, events: run.events.map((event) => ({ ...event, at: 1e300 })) }))).toThrow(/damaged/);
    expect(() => readRunFile(fileOf({ ...run, console: run.console.map((line) => ({ ...line, at: -1e300 })) }))).toThrow(/damaged/);
  });

  test('with more events than could be folded in a moment', () => {
    const nodes = times(20_000, (index) => ({ id: `n${index}`, type: 'source', nodeType: 'x', config: {} }));
    const wide = withWorkflow({ nodes: nodes.slice(0, 1) });
    const [first] = wide.events;
    const many = { ...wide, events: [{ ...first!, data: { ...first!.data, workflow: { id: 'w', name: 'w', nodes } } }] };
    expect(() => readRunFile(fileOf(followed(many, times(2000, () => resumed([])))))).toThrow(/more events than any run/);
    expect(() => readRunFile(fileOf(followed(many, times(20_000, (index) => retry(`unknown${index}`)))))).toThrow(/about a node/);
    expect(() => readRunFile(fileOf(followed(someRun(), times(20_000, () => retry('node-1')))))).toThrow(/more events than any run/);
  });
});

describe('a node called __proto__', () => {
  test('keeps its rows for itself when they are collected', async () => {
    const journal = createMemoryJournal();
    const events = runHistory({ run: 'r1', nodes: 2 }).map((event) => JSON.parse(JSON.stringify(event).replaceAll('"node-1"', '"__proto__"')) as typeof event);
    journal.append('run-r1', 0, events);
    const { samples } = await collectRun(journal, RunId.parse('r1'), () => Promise.resolve(table));
    expect(Object.getOwnPropertyDescriptor(Object.prototype, 'out')).toBeUndefined();
    expect(Object.entries(samples)).toEqual([['__proto__', { out: table }]]);
  });

  test('keeps them for itself when secrets are taken out', async () => {
    const samples = Object.fromEntries([['__proto__', { out: table }]]);
    const { samples: left } = await redacted(someRun((events) => events, { samples }));
    expect(Object.getOwnPropertyDescriptor(Object.prototype, 'out')).toBeUndefined();
    expect(Object.entries(left)).toEqual([['__proto__', { out: table }]]);
  });
});
