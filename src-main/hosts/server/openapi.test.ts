import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract';
import { openApiDocument } from './openapi.ts';

type Operation = { operationId?: string; summary?: string; parameters?: { in: string; name: string }[]; responses: Record<string, { content?: Record<string, unknown> }> };

const document = await openApiDocument('1.2.3');
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) => Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })));

/** Every `$ref` in a value. */
function* refs(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') yield inner;
    else yield* refs(inner);
  }
}

describe('the OpenAPI document', () => {
  it('is of version 3.1, of this version, behind the token', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info.version).toBe('1.2.3');
    expect(document.security).toEqual([{ token: [] }]);
  });

  it('has one operation a call, each with a name and a summary of its own', () => {
    const calls = Object.values(contract).flatMap((noun) => Object.keys(noun));
    expect(operations).toHaveLength(calls.length);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(calls.length);
    expect(operations.filter(({ operation }) => operation.summary === undefined)).toEqual([]);
  });

  it('declares every parameter of a path', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const declared = (operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
      expect(new Set(declared)).toEqual(new Set(named));
    }
  });

  it('describes errors on each, and streams as events', () => {
    for (const { operation } of operations) expect(operation.responses['default']).toEqual({ $ref: '#/components/responses/Error' });
    const watch = operations.find(({ path }) => path === '/runs/{runId}/watch');
    expect(Object.keys(watch?.operation.responses['200']?.content ?? {})).toEqual(['text/event-stream']);
  });

  it('refers to nothing that is not there', () => {
    for (const ref of refs(document)) {
      const target = ref.slice(2).split('/').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], document);
      expect(target, ref).toBeDefined();
    }
  });
});
