import type { NodeSpec, Param, Text } from '#shared/node-spec';
import { Workflow } from '#shared/workflow/workflow';

const text = (en: string): Text => ({ en, zh: en });
const param = (name: string, widget: Param['widget'], more: Partial<Param> = {}): Param => ({ name, label: text(name), help: text(name), widget, ...more });
const port = (name: string, more: { readonly many?: boolean; readonly optional?: boolean } = {}) => ({ name, label: text(name), ...more });

/** A few node types with every kind of widget, for tests that must not depend on the real catalogue. */
export const SPECS: readonly NodeSpec[] = [
  {
    type: 'source',
    nodeType: 'file.csv',
    label: text('CSV file'),
    summary: text('Reads CSV.'),
    icon: 'file',
    inputs: [],
    outputs: [port('out')],
    repeatable: true,
    params: [
      param('path', { kind: 'path', mode: 'open', glob: true }, { required: true }),
      param('header', { kind: 'boolean' }, { default: true }),
      param('skip', { kind: 'number', min: 0, max: 10, integer: true }, { default: 0 }),
      param('onBadRow', { kind: 'select', options: ['fail', 'skip'].map((value) => ({ value, label: text(value) })) }, { default: 'fail' }),
      param('rejectsPath', { kind: 'path', mode: 'save' }, { required: true, visibleWhen: { param: 'onBadRow', equals: ['skip'] } }),
      param('nullValues', { kind: 'strings' }, { default: [''] }),
      param('delimiter', { kind: 'text', pattern: '^.$', maxLength: 1 }, {}),
    ],
  },
  {
    type: 'source',
    nodeType: 'memory.collection',
    label: text('Collection'),
    summary: text('Rows typed in.'),
    icon: 'list',
    inputs: [],
    outputs: [port('out')],
    repeatable: true,
    params: [param('data', { kind: 'rows' }, { required: true })],
  },
  {
    type: 'transform',
    nodeType: 'filter.condition',
    label: text('Filter'),
    summary: text('Keeps rows.'),
    icon: 'filter',
    inputs: [port('in')],
    outputs: [port('out'), port('rejected')],
    repeatable: true,
    params: [param('condition', { kind: 'expression', scope: 'condition' }, { required: true })],
  },
  {
    type: 'transform',
    nodeType: 'data.transform',
    label: text('Reshape'),
    summary: text('Rules in order.'),
    icon: 'wand',
    inputs: [port('in', { many: true }), port('in2', { optional: true })],
    outputs: [port('out')],
    repeatable: true,
    params: [
      param('rules', {
        kind: 'variants',
        tag: 'rule',
        addLabel: text('Add'),
        variants: [
          { value: 'select', label: text('Select'), params: [param('columns', { kind: 'columns' }, { required: true })] },
          { value: 'limit', label: text('Limit'), params: [param('count', { kind: 'number', min: 1, integer: true }, { default: 100 })] },
        ],
      }),
      param('columns', { kind: 'list', addLabel: text('Add'), item: [param('name', { kind: 'column' }, { required: true }), param('keep', { kind: 'boolean' }, { default: true })] }, { default: [] }),
      param('names', { kind: 'map', keyLabel: text('From'), valueLabel: text('To') }),
      param('extra', { kind: 'json' }),
      param('remark', { kind: 'multiline' }),
    ],
  },
  {
    type: 'sink',
    nodeType: 'console.log',
    label: text('Console'),
    summary: text('Prints.'),
    icon: 'terminal',
    inputs: [port('in')],
    outputs: [],
    repeatable: true,
    params: [param('limit', { kind: 'number', min: 1, integer: true }, { default: 100 })],
  },
];

/** A workflow that is right: CSV → filter → console. Tests break one thing of it each. */
export const rightWorkflow = (): Workflow =>
  Workflow.parse({
    formatVersion: 1,
    id: 'wf-1',
    name: 'Right',
    nodes: [
      { id: 'read', type: 'source', nodeType: 'file.csv', config: { path: 'in.csv' } },
      { id: 'keep', type: 'transform', nodeType: 'filter.condition', position: { x: 200, y: 0 }, config: { condition: 'a > 1' } },
      { id: 'show', type: 'sink', nodeType: 'console.log', position: { x: 400, y: 0 } },
    ],
    edges: [
      { id: 'e1', source: 'read', target: 'keep' },
      { id: 'e2', source: 'keep', sourcePort: 'out', target: 'show' },
    ],
  });
