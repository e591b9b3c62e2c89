import { expect, it } from 'vitest';
import { specTable } from '#shared/workflow/graph';
import { rightWorkflow, SPECS } from '../../../src-shared/workflow/workflow.testing.ts';
import { connect, patchNode } from './change.ts';
import { setOnError } from './error-port.ts';
import { emptyHistory, record, undo } from './history.ts';
import { outputsOf } from './ports.ts';
import { whyNot } from './why-not.ts';

const specs = specTable(SPECS);
const start = rightWorkflow();
const filter = start.nodes.find((node) => node.nodeType === 'filter.condition')!;
const sink = start.nodes.find((node) => node.type === 'sink')!;
const errors = { source: filter.id, sourcePort: 'error', target: sink.id, targetPort: 'in' };
// Room at the sink: what fed it goes.
const roomy = { ...start, edges: start.edges.filter((edge) => edge.target !== sink.id) };

it('gives a node the error port, which can then be connected', () => {
  expect(whyNot(roomy, specs, errors)?.en).toContain('no output “error”');
  const { workflow, removed } = setOnError(roomy, specs, filter.id, 'errorPort');
  expect(removed).toBe(0);
  expect(whyNot(workflow, specs, errors)).toBe(null);
});

it('gives a sink one too', () => {
  const { workflow } = setOnError(roomy, specs, sink.id, 'errorPort');
  expect(outputsOf(specs, workflow.nodes.find((node) => node.id === sink.id)!).map((port) => port.name)).toEqual(['error']);
});

it('takes its edges along when it goes, and undo brings them back', () => {
  const before = connect(setOnError(roomy, specs, filter.id, 'errorPort').workflow, errors);
  const { workflow, removed } = setOnError(before, specs, filter.id, 'stop');
  expect(removed).toBe(1);
  expect(workflow.edges).toEqual(roomy.edges);
  expect(workflow.nodes.find((node) => node.id === filter.id)).not.toHaveProperty('onError');
  const recorded = record({ workflow: before, history: emptyHistory }, workflow, { edit: 'settings', at: 0 });
  expect(undo(recorded)?.workflow).toEqual(before);
});

it('lets go of rows that were pinned to it, and only those', () => {
  const rows = { columns: [{ name: 'a', type: 'VARCHAR' }], rows: [['x']] };
  const pinned = (pin: Record<string, typeof rows>): unknown =>
    setOnError(patchNode(setOnError(roomy, specs, filter.id, 'errorPort').workflow, filter.id, { pin }), specs, filter.id, 'continue').workflow.nodes.find((node) => node.id === filter.id)?.pin;
  expect(pinned({ out: rows, error: rows })).toEqual({ out: rows });
  expect(pinned({ error: rows })).toBe(undefined);
  expect(pinned({ out: rows })).toEqual({ out: rows });
});
