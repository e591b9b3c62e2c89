import { describe, expect, it } from 'vitest';
import { array, assert, nat, property, tuple } from 'fast-check';
import { specTable } from '#shared/workflow/graph';
import type { Workflow } from '#shared/workflow/workflow';
import { rightWorkflow, SPECS } from '../../../src-shared/workflow/workflow.testing.ts';
import { align, walk } from './arrange.ts';
import { addNode, addNote, connect, edgeIds, move, nodeIds, patchNode, patchWorkflow, setConfig } from './change.ts';
import { emptyHistory, HISTORY_LIMIT, MERGE_MS, readHistory, record, redo, undo } from './history.ts';
import type { Stepped } from './history.ts';
import { insertOnEdge } from './insert.ts';
import { clipOf, clipText, nothing, paste, readClip, remove } from './selection.ts';
import { whyNot } from './why-not.ts';

const specs = specTable(SPECS);
const spec = (index: number) => SPECS[index % SPECS.length] ?? SPECS[0]!;
const pick = <T>(items: readonly T[], index: number): T | undefined => items[index % Math.max(1, items.length)];

/** Any edit the window can make, from four numbers. */
function edited(workflow: Workflow, [kind, a, b, c]: readonly [number, number, number, number]): Workflow {
  const node = pick(workflow.nodes, a);
  const select = { ...nothing, nodes: new Set(workflow.nodes.filter((_, index) => (index + a) % 2 === 0).map((one) => one.id)) };
  switch (kind) {
    case 0:
      return addNode(workflow, spec(a), { x: b, y: c }).workflow;
    case 1:
      return node === undefined ? workflow : move(workflow, new Map([[node.id, { x: b, y: c }]]));
    case 2:
      return node === undefined ? workflow : setConfig(workflow, node.id, 'path', b === 0 ? undefined : `file-${b}`);
    case 3:
      return remove(workflow, specs, select, b % 2 === 0);
    case 4:
      return paste(workflow, clipOf(workflow, select), { x: b, y: c }).workflow;
    case 5: {
      const target = pick(workflow.nodes, b);
      if (node === undefined || target === undefined) return workflow;
      const connection = { source: node.id, sourcePort: 'out', target: target.id, targetPort: 'in' };
      return whyNot(workflow, specs, connection) === null ? connect(workflow, connection) : workflow;
    }
    case 6: {
      const edge = pick(workflow.edges, b);
      return edge === undefined ? workflow : (insertOnEdge(workflow, specs, spec(2), edge.id, { x: b, y: c })?.workflow ?? workflow);
    }
    case 7:
      return addNote(workflow, { kind: 'note', text: `n${b}`, position: { x: b, y: c }, size: { width: 200, height: 80 } }).workflow;
    case 8:
      return node === undefined ? workflow : patchNode(workflow, node.id, { label: b % 3 === 0 ? undefined : `label ${b}`, disabled: c % 2 === 0 });
    default:
      return patchWorkflow(workflow, { name: `name ${a}` });
  }
}
const small = nat({ max: 40 });
const edits = array(tuple(nat({ max: 9 }), small, small, small), { maxLength: 25 });

describe('history', () => {
  it('undoes everything to where it began and redoes to where it ended, across a restart', () => {
    assert(
      property(edits, (steps) => {
        const start = rightWorkflow();
        let at: Stepped = { workflow: start, history: emptyHistory };
        for (const [index, step] of steps.entries()) at = record(at, edited(at.workflow, step), { edit: 'add', at: index, merge: `m${step[0] % 2}` });
        const end = at.workflow;
        at = { workflow: at.workflow, history: readHistory(JSON.parse(JSON.stringify(at.history))) };
        for (let back = undo(at); back !== null; back = undo(at)) at = back;
        expect(at.workflow).toEqual(start);
        for (let again = redo(at); again !== null; again = redo(at)) at = again;
        expect(at.workflow).toEqual(end);
      }),
      { numRuns: 150 },
    );
  });

  it('makes one step of typing, and two when there was a pause', () => {
    let at: Stepped = { workflow: rightWorkflow(), history: emptyHistory };
    const type = (text: string, time: number): void => {
      at = record(at, setConfig(at.workflow, 'read', 'path', text), { edit: 'configure', at: time, merge: 'read.path' });
    };
    type('a', 0);
    type('ab', 100);
    type('abc', 200);
    expect(at.history.done).toHaveLength(1);
    type('abcd', 201 + MERGE_MS);
    expect(at.history.done).toHaveLength(2);
    expect(undo(at)?.workflow.nodes[0]?.config).toEqual({ path: 'abc' });
  });

  it('drops a step that ended where it began', () => {
    let at: Stepped = { workflow: rightWorkflow(), history: emptyHistory };
    at = record(at, patchWorkflow(at.workflow, { name: 'x' }), { edit: 'workflow', at: 0, merge: 'name' });
    at = record(at, patchWorkflow(at.workflow, { name: 'Right' }), { edit: 'workflow', at: 1, merge: 'name' });
    expect(at.history.done).toEqual([]);
  });

  it('keeps a bounded number of steps and reads nonsense as empty', () => {
    let at: Stepped = { workflow: rightWorkflow(), history: emptyHistory };
    for (let step = 0; step < HISTORY_LIMIT + 20; step += 1) at = record(at, patchWorkflow(at.workflow, { name: `n${step}` }), { edit: 'workflow', at: step });
    expect(at.history.done).toHaveLength(HISTORY_LIMIT);
    expect(readHistory({ done: 'x' })).toEqual(emptyHistory);
  });
});

describe('ids', () => {
  it('stay unique through any edits and pastes, and edges keep their ends', () => {
    assert(
      property(edits, (steps) => {
        const end = steps.reduce(edited, rightWorkflow());
        expect(nodeIds(end).size).toBe(end.nodes.length);
        expect(edgeIds(end).size).toBe(end.edges.length);
        for (const edge of end.edges) expect(nodeIds(end).has(edge.source) && nodeIds(end).has(edge.target)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('a paste into another workflow keeps ids that are free', () => {
    const from = rightWorkflow();
    const clip = readClip(clipText(clipOf(from, { ...nothing, nodes: nodeIds(from) })));
    const into: Workflow = { ...from, nodes: [], edges: [] };
    expect(clip).not.toBeNull();
    if (clip === null) return;
    const once = paste(into, clip, { x: 10, y: 20 });
    expect(once.ids).toEqual(['read', 'keep', 'show']);
    const twice = paste(once.workflow, clip, { x: 10, y: 20 });
    expect(twice.ids).toEqual(['read-2', 'keep-2', 'show-2']);
    expect(twice.workflow.edges.map((edge) => [edge.source, edge.target])).toContainEqual(['read-2', 'keep-2']);
  });

  it('a whole workflow file is a clip; other text is none', () => {
    expect(readClip(JSON.stringify(rightWorkflow()))?.nodes).toHaveLength(3);
    expect(readClip('select 1')).toBeNull();
    expect(readClip('{"a": 1}')).toBeNull();
  });
});

describe('remove', () => {
  it('closes the gap when asked to', () => {
    const only = { ...nothing, nodes: new Set(['keep']) };
    expect(remove(rightWorkflow(), specs, only, false).edges).toEqual([]);
    expect(remove(rightWorkflow(), specs, only, true).edges).toMatchObject([{ source: 'read', target: 'show' }]);
  });
});

describe('insert', () => {
  it('puts a node between two', () => {
    const made = insertOnEdge(rightWorkflow(), specs, spec(2), 'e1', { x: 0, y: 0 });
    expect(made?.workflow.edges.map((edge) => `${edge.source}>${edge.target}`).toSorted()).toEqual(['condition>keep', 'keep>show', 'read>condition']);
  });
  it('refuses a node without a way through', () => {
    expect(insertOnEdge(rightWorkflow(), specs, spec(0), 'e1', { x: 0, y: 0 })).toBeNull();
  });
});

describe('arrange', () => {
  it('aligns and spreads', () => {
    const boxes = [
      { id: 'a', x: 0, y: 5, width: 10, height: 10 },
      { id: 'b', x: 15, y: 9, width: 10, height: 20 },
      { id: 'c', x: 90, y: 0, width: 10, height: 10 },
    ];
    expect(align(boxes, 'top').get('b')).toEqual({ x: 15, y: 0 });
    expect(align(boxes, 'bottom').get('a')).toEqual({ x: 0, y: 19 });
    expect(align(boxes, 'spreadX').get('b')).toEqual({ x: 45, y: 9 });
    expect(align(boxes.slice(0, 1), 'left').size).toBe(0);
  });
  it('walks along edges, then across the canvas', () => {
    expect(walk(rightWorkflow(), 'read', 'right')).toBe('keep');
    expect(walk(rightWorkflow(), 'show', 'left')).toBe('keep');
    expect(walk(rightWorkflow(), 'show', 'right')).toBeNull();
  });
});
