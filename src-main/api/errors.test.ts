import { ORPCError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, StudioError } from '#shared/errors';
import { infoOf, STATUS_OF, toWireError } from './errors.ts';

describe('errors on the wire', () => {
  it.each(ERROR_CODES)('%s crosses as its code, a status that says failure, and its sentence', (code) => {
    const error = toWireError(new StudioError(code, 'The file is gone.', { place: '/a.csv', remedy: 'Choose another.' }));
    expect(error.code).toBe(code);
    expect(error.status).toBe(STATUS_OF[code]);
    expect(error.status).toBeGreaterThanOrEqual(400);
    if (code !== 'internal') expect(error.data).toEqual({ code, message: 'The file is gone.', place: '/a.csv', remedy: 'Choose another.' });
  });

  it('says of an unknown error that it is one, with its text but without its stack', () => {
    const info = infoOf(new TypeError('x is not a function'));
    expect(info.code).toBe('internal');
    expect(info.detail).toBe('x is not a function');
    expect(JSON.stringify(info)).not.toContain(import.meta.filename);
  });

  it('names the fields of an input that does not fit', () => {
    const issues = [{ message: 'Required', path: ['workflow', 'nodes', 2, 'id'] }];
    const info = infoOf(new ORPCError('BAD_REQUEST', { message: 'Input validation failed', data: { issues } }));
    expect(info).toEqual({ code: 'invalid_input', message: 'The request does not fit the call: workflow.nodes[2].id: Required.', place: 'workflow.nodes[2].id' });
  });

  it('keeps to ten sentences of a million', () => {
    const issues = Array.from({ length: 1_000_000 }, (_, at) => ({ message: 'Bad', path: [at] }));
    const info = infoOf(new ORPCError('BAD_REQUEST', { data: { issues } }));
    expect(info.message.length).toBeLessThan(400);
    expect(info.detail).toBe('1000000 problems in all.');
  });

  it('leaves an error alone that has its form already', () => {
    const once = toWireError(new StudioError('conflict', 'Changed.'));
    expect(toWireError(once)).toBe(once);
  });
});
