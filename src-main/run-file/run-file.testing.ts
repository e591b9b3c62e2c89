import type { NewEvent } from '#shared/events';
import { EVENTS } from '#shared/events';
import type { JsonObject } from '#shared/json';
import { RunId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import type { RunContent } from './format.ts';

/** A run of a few nodes as a file holds it, its events changed by `change`. */
export function someRun(change: (events: NewEvent[]) => NewEvent[] = (events) => events, more: Partial<RunContent> = {}, nodes = 3): RunContent {
  const events = change(runHistory({ run: 'r1', nodes }));
  return {
    run: RunId.parse('r1'),
    events: events.map(({ type, at, id, data }, index) => ({ version: index + 1, type, schema: EVENTS[type].schema, at, id, data: JSON.parse(JSON.stringify(data)) as JsonObject })),
    console: [{ node: 'node-2', at: 1, level: 'info', text: 'hello', attempt: 1, version: 3 }],
    samples: { 'node-1': { out: { columns: [{ name: 'amount', type: 'BIGINT' }], rows: [['1'], ['2']], partial: false } } },
    ...more,
  };
}

/** The same with this put into the workflow that ran; of as many nodes as it has. */
export const withWorkflow = (workflow: JsonObject, more: Partial<RunContent> = {}): RunContent =>
  someRun((events) => events.map((event) => (event.type === 'WorkflowRequested' ? { ...event, data: { ...event.data, workflow: { ...event.data.workflow, ...workflow } } } : event)), more, Array.isArray(workflow['nodes']) ? workflow['nodes'].length : 3);

export const WRITING = { data: true, version: '1.2.3', now: 0 };
