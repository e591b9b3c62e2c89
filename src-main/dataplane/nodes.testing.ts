import type { AnyNode, Batch } from '../nodes/define.ts';
import { describing, streaming } from '../nodes/define.ts';
import type { Registry } from '../nodes/registry.ts';
import csv from '../nodes/file-csv/run.ts';
import filter from '../nodes/filter-condition/run.ts';
import { nodeKey } from '#shared/node-spec';
import type { NodeKind, NodeSpec } from '#shared/node-spec';

const text = (en: string) => ({ en, zh: en });
const spec = (type: NodeKind, nodeType: string, inputs: readonly string[], outputs: readonly string[]): NodeSpec => ({
  type, nodeType, label: text(nodeType), summary: text(nodeType), icon: 'box', params: [], repeatable: true,
  inputs: inputs.map((name) => ({ name, label: text(name), many: true })),
  outputs: outputs.map((name) => ({ name, label: text(name) })),
});
const sqlOf = (inputs: Readonly<Record<string, { readonly sql: string }>>): string => inputs['in']?.sql ?? '(SELECT 1)';

/** The data plane's own tests need nodes of every fusing, and none of the catalogue's choices: these say their SQL in the config. */
export const testNodes: Registry = new Map<ReturnType<typeof nodeKey>, AnyNode>(
  [
    csv,
    filter,
    describing<{ sql: string; rows?: number }>({ spec: spec('source', 'sql', [], ['out']), fusing: () => 'source', describe: ({ sql, rows }) => ({ outputs: { out: sql }, ...(rows === undefined ? {} : { expectedRows: rows }) }) }),
    describing<{ list: string }>({ spec: spec('transform', 'map', ['in'], ['out']), fusing: () => 'rows', describe: ({ list }, inputs) => ({ outputs: { out: `SELECT ${list} FROM ${sqlOf(inputs)}` } }) }),
    describing<{ list: string; by: string }>({ spec: spec('transform', 'group', ['in'], ['out']), fusing: () => 'reshape', describe: ({ list, by }, inputs) => ({ outputs: { out: `SELECT ${list} FROM ${sqlOf(inputs)} GROUP BY ${by}` }, report: { groups: `SELECT count(DISTINCT ${by}) FROM ${sqlOf(inputs)}` } }) }),
    describing<{ sql: string }>({ spec: spec('transform', 'query', ['in', 'in2'], ['out']), fusing: () => 'query', describe: ({ sql }, inputs) => ({ outputs: { out: sql.replaceAll('input2', inputs['in2']?.sql ?? '').replaceAll('input', sqlOf(inputs)) } }) }),
    describing<{ path: string; append?: boolean; options?: string }>({
      spec: spec('sink', 'file', ['in'], []),
      fusing: () => 'sink',
      files: ({ path }, { resolve }) => ({ writes: [resolve(path)] }),
      describe: ({ path, append, options }, inputs, context) => ({ write: { kind: 'copy', select: `SELECT * FROM ${sqlOf(inputs)}`, path: context.resolve(path), options: options ?? 'FORMAT csv, HEADER true', append: append === true } }),
    }),
    describing<{ limit: number; format: 'table' | 'json' }>({ spec: spec('sink', 'console', ['in'], []), fusing: () => 'sink', describe: ({ limit, format }, inputs) => ({ write: { kind: 'console', select: `SELECT * FROM ${sqlOf(inputs)}`, limit, format } }) }),
    streaming<{ waitMs?: number; failAt?: number; file?: string }>({
      spec: spec('transform', 'stream', ['in'], ['out']),
      fusing: () => 'stream',
      async *stream(config, input, context): AsyncIterable<Batch> {
        const staged = config.file === undefined ? null : context.stage(context.resolve(config.file));
        const { writeFileSync } = await import('node:fs');
        let seen = 0;
        for await (const batch of input ?? []) {
          seen += batch.rows.length;
          if (config.waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, config.waitMs));
          if (staged !== null) writeFileSync(staged, String(seen));
          if (config.failAt !== undefined && seen >= config.failAt) throw new Error('The stream broke');
          context.report('seen', batch.rows.length);
          yield batch;
        }
      },
    }),
  ].map((node) => [nodeKey(node.spec), node]),
);
