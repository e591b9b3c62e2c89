import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '#shared/json';
import { readRunFile } from './read.ts';
import { withWorkflow, WRITING } from './run-file.testing.ts';
import { REDACTED } from './secret-values.ts';
import { formWords } from './words.ts';
import { runFileText } from './write.ts';

/** Every text of a value, names included. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...textsIn(inner)]);
}

/** Not a word of the file's own form, and no address or hash that a program made. */
const secret = fc
  .oneof(fc.string({ minLength: 4, maxLength: 30 }), fc.string({ unit: 'grapheme', minLength: 4, maxLength: 12 }), fc.constantFrom('hunter22', 'a"b\\c d', 'p@ss:w/rd', '密码密码', "it's'", '0123456789abcdef', 'Server=x;Password=hunter22'))
  .filter((text) => text.trim().length >= 4 && !formWords().has(text) && !/true|false|null|none|basic|bearer|digest/iu.test(text.trim()) && !REDACTED.includes(text) && !text.includes('•'));

const names = fc.constantFrom('password', 'apiKey', 'api_key', 'API-Key', 'accessToken', 'client_secret', 'connectionString', 'privateKey', 'Authorization', 'Set-Cookie', 'credentials', 'passwd');

const places: readonly ((text: string, name: string) => JsonObject)[] = [
  (text, name) => ({ nodes: [{ id: 'node-1', type: 'source', nodeType: 'http', config: { [name]: text } }] }),
  (text, name) => ({ settings: { deep: [{ list: { [name]: { inner: [text] } } }] } }),
  (text, name) => ({ nodes: [{ id: 'node-1', config: { headers: [{ name, value: text }] } }] }),
  (text) => ({ metadata: { address: `postgres://me:${encodeURIComponent(text)}@db.example.org/x`, headers: { authorization: text } } }),
];

test('no secret of a workflow stands anywhere in its exported run', async () => {
  await fc.assert(
    fc.asyncProperty(secret, names, fc.constantFrom(...places), fc.string(), fc.string(), async (value, name, place, before, after) => {
      const around = `${before}${value}${after}`;
      const content = withWorkflow(place(value, name), {
        console: [{ node: 'node-1', at: 1, level: 'error', text: around, attempt: 1, version: 2 }],
        samples: { 'node-1': { out: { columns: [{ name: `c ${value}`, type: 'VARCHAR' }], rows: [[around], [null], [value], [JSON.stringify({ [name]: value })], [`?key=${encodeURIComponent(value)}`]], partial: false } } },
      });
      content.events.push({ ...content.events.at(-1)!, version: content.events.length + 1, type: 'WorkflowFailed', schema: 1, data: { durationMs: 1, node: null, error: { code: 'io', message: around, place: `/data/${value}.csv`, remedy: value, detail: `at ${value}` } } });
      const written = await runFileText(content, WRITING);
      for (const text of textsIn(JSON.parse(written))) {
        if (!formWords().has(text)) expect(text.includes(value), text).toBe(false);
      }
      expect(readRunFile(written).events).toHaveLength(content.events.length);
    }),
    { numRuns: 300 },
  );
});

test('what does not look like a secret stays as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom('path', 'query', 'condition', 'limit'), fc.oneof(fc.stringMatching(/^[\w ./><+*'-]{0,30}$/u), fc.integer(), fc.boolean())), async (config) => {
      const content = withWorkflow({ nodes: [{ id: 'node-1', config: config as unknown as Json }] as JsonObject['nodes'] });
      expect(readRunFile(await runFileText(content, WRITING)).events).toEqual(content.events);
    }),
  );
});
