import { expect, test } from 'vitest';
import { builtInNodes } from '../nodes/registry.ts';
import { testGraph, testJob, testWorker } from './graphs.testing.ts';
import type { TestNodes } from './graphs.testing.ts';

const NODES: TestNodes = { n: ['source/sequence.numbers', { count: 100 }], sum: ['transform/aggregate.sum', { field: 'value' }], log: ['sink/console.log', {}] };

test('samples that take too long are given up when their run is closed, and do not keep the next run waiting', async () => {
  const worker = testWorker(builtInNodes, 0);
  const job = (runId: string) => testJob(builtInNodes, testGraph(builtInNodes, worker.scratch, NODES, 'n>sum sum>log'), { scratch: worker.scratch, runId });
  for (const runId of ['run-1', 'run-2']) {
    const outcome = await worker.run(job(runId));
    expect([outcome.failed, Object.keys(outcome.samples)]).toEqual([null, []]);
    expect(outcome.nodes['sum']).toMatchObject({ rowsIn: 100 });
  }
  await worker.close();
});
