import { expect, test } from 'vitest';
import type { TestReport } from '#shared/connections/connection';
import { NodeId, RunId } from '#shared/ids';
import { createVeil, VEIL } from '../connectors/veil.ts';
import type { FromWorker } from './protocol.ts';
import { veiled, veiledAnswer } from './veiled.ts';

const veil = createVeil();
// A password may be any word, those of the protocol too.
for (const word of ['hunter2', 'timeout', 'rows', 'read', 'host', 'message']) veil.hide(word);

const [run, node] = [RunId.parse('run'), NodeId.parse('read')];
const place = { runId: run, segment: 'read', attempt: 1 };
const sample = { columns: [{ name: 'hunter2', type: 'VARCHAR' }], rows: [['hunter2', null]], partial: false };
const hidden = { columns: [{ name: VEIL, type: 'VARCHAR' }], rows: [[VEIL, null]], partial: false };

test.each<readonly [string, FromWorker, unknown]>([
  ['an error', { kind: 'failed', ...place, node, durationMs: 1, error: { code: 'timeout', message: 'hunter2!', place: 'hunter2', remedy: 'hunter2?', detail: 'a hunter2' } }, { kind: 'failed', ...place, node, durationMs: 1, error: { code: 'timeout', message: `${VEIL}!`, place: VEIL, remedy: `${VEIL}?`, detail: `a ${VEIL}` } }],
  ['the console', { kind: 'console', runId: run, node, lines: ['hunter2'] }, { kind: 'console', runId: run, node, lines: [VEIL] }],
  ['a sample', { kind: 'sample', runId: run, node, port: 'rows', sample }, { kind: 'sample', runId: run, node, port: 'rows', sample: hidden }],
  ['an intent', { kind: 'intend', ...place, node, effect: 'read', what: 'Sends hunter2', rows: 1, proof: null }, { kind: 'intend', ...place, node, effect: 'read', what: `Sends ${VEIL}`, rows: 1, proof: null }],
  ['a refused question', { kind: 'answer', id: 1, ok: false, error: { code: 'internal', message: 'hunter2' } }, { kind: 'answer', id: 1, ok: false, error: { code: 'internal', message: VEIL } }],
  ['progress', { kind: 'progress', runId: run, segment: 'read', fraction: null, nodes: [{ node, rowsIn: 0, rowsOut: { rows: 1 }, estimated: true, rowsPerSecond: 1 }] }, { kind: 'progress', runId: run, segment: 'read', fraction: null, nodes: [{ node, rowsIn: 0, rowsOut: { rows: 1 }, estimated: true, rowsPerSecond: 1 }] }],
])('the texts of %s are veiled, and what others go by stays', (_what, message, expected) => {
  expect(veiled(message, veil)).toEqual(expected);
});

test('so are the answers', () => {
  const report: TestReport = { ok: false, steps: [{ step: 'host', ok: false, detail: 'at hunter2' }], server: 'hunter2', durationMs: 1, error: { code: 'timeout', message: 'hunter2' } };
  expect(veiledAnswer('test', report, veil)).toEqual({ ...report, steps: [{ step: 'host', ok: false, detail: `at ${VEIL}` }], server: VEIL, error: { code: 'timeout', message: VEIL } });
  expect(veiledAnswer('columns', { read: { rows: sample.columns } }, veil)).toEqual({ read: { rows: hidden.columns } });
  expect(veiledAnswer('preview', { sample, profile: [{ name: 'hunter2', type: 'VARCHAR', nulls: 0, distinct: 1, min: 'hunter2', max: null }] }, veil)).toEqual({ sample: hidden, profile: [{ name: VEIL, type: 'VARCHAR', nulls: 0, distinct: 1, min: VEIL, max: null }] });
  expect(veiledAnswer('expression', { type: 'VARCHAR', values: ['hunter2', null] }, veil)).toEqual({ type: 'VARCHAR', values: [VEIL, null] });
  expect(veiledAnswer('texts', [{ node, field: 'rows', message: 'hunter2', remedy: 'hunter2' }], veil)).toEqual([{ node, field: 'rows', message: VEIL, remedy: VEIL }]);
  expect(veiledAnswer('difference', { leftRows: 1, rightRows: 1, same: 0, onlyLeft: 1, onlyRight: 1, columns: [{ name: 'hunter2', left: 'VARCHAR', right: null }], left: sample, right: sample }, veil)).toMatchObject({ columns: [{ name: VEIL }], left: hidden, right: hidden });
});
