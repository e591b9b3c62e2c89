import { describe, expect, it } from 'vitest';
import { EVENTS } from '#shared/events';
import { upcast, UPCASTS } from '#shared/run/upcast';
import type { UpcastTable } from '#shared/run/upcast';

const table: UpcastTable = {
  WorkflowStarted: { 1: (data) => ({ ...data, worker: 'unknown' }), 2: ({ worker, ...rest }) => ({ ...rest, workers: [worker ?? null] }) },
};

describe('upcast', () => {
  it('takes data one schema number at a time to the present one', () => {
    expect(upcast('WorkflowStarted', 1, { a: 1 }, 3, table)).toEqual({ a: 1, workers: ['unknown'] });
    expect(upcast('WorkflowStarted', 2, { worker: 'w2' }, 3, table)).toEqual({ workers: ['w2'] });
  });

  it('leaves data of the present number as it is', () => {
    const data = { a: 1 };
    expect(upcast('WorkflowStarted', 3, data, 3, table)).toBe(data);
  });

  it('refuses what a newer program wrote, and a step nobody has written', () => {
    expect(() => upcast('WorkflowStarted', 4, {}, 3, table)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    expect(() => upcast('WorkflowCompleted', 1, {}, 2, table)).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it('has a step for every number before the present one of every event', () => {
    for (const [type, { schema }] of Object.entries(EVENTS)) {
      for (let step = 1; step < schema; step += 1) expect(UPCASTS[type]?.[step], `${type} ${step}`).toBeDefined();
    }
  });
});
