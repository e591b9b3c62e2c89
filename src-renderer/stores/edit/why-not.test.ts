import { constantFrom, assert, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '#shared/workflow/check';
import { specTable } from '#shared/workflow/graph';
import type { Workflow } from '#shared/workflow/workflow';
import { rightWorkflow, SPECS } from '../../../src-shared/workflow/workflow.testing.ts';
import { addNode, connect } from './change.ts';
import { fitting } from './insert.ts';
import { whyNot } from './why-not.ts';

const specs = specTable(SPECS);
/** read → keep → show, and one loose node of each other kind. */
function wide(): Workflow {
  const base = rightWorkflow();
  return SPECS.reduce((workflow, spec, index) => addNode(workflow, spec, { x: index * 10, y: 300 }).workflow, base);
}
const ends = wide().nodes.map((node) => String(node.id));
const ports = ['in', 'in2', 'out', 'rejected', 'nowhere'];
/** Problems that an edge alone can bring. */
const edgeProblems = (workflow: Workflow): number => check(workflow, SPECS).problems.filter((problem) => problem.severity === 'error' && (problem.edge !== undefined || /cycle|circle/i.test(`${problem.code} ${problem.message}`))).length;

describe('whyNot', () => {
  it('lets through only what check has nothing against', () => {
    assert(
      property(tuple(constantFrom(...ends), constantFrom(...ports), constantFrom(...ends), constantFrom(...ports)), ([source, sourcePort, target, targetPort]) => {
        const workflow = wide();
        const connection = { source, sourcePort, target, targetPort };
        if (whyNot(workflow, specs, connection) === null) expect(edgeProblems(connect(workflow, connection))).toBe(edgeProblems(workflow));
      }),
      { numRuns: 400 },
    );
  });

  it('names each reason', () => {
    const workflow = rightWorkflow();
    const why = (source: string, sourcePort: string, target: string, targetPort: string): string => whyNot(workflow, specs, { source, sourcePort, target, targetPort })?.en ?? '';
    expect(why('keep', 'out', 'read', 'in')).toMatch(/source makes rows/);
    expect(why('show', 'out', 'keep', 'in')).toMatch(/sink is an end/);
    expect(why('keep', 'out', 'keep', 'in')).toMatch(/feed itself/);
    expect(why('keep', 'nowhere', 'show', 'in')).toMatch(/no output “nowhere”.*out, rejected/);
    expect(why('keep', 'rejected', 'show', 'in')).toMatch(/takes one connection/);
    expect(why('keep', 'out', 'show', 'in')).toMatch(/already connected/);
    expect(why('gone', 'out', 'show', 'in')).toMatch(/no longer there/);
  });

  it('refuses a circle, and lets an edge be moved onto the port it holds', () => {
    const workflow = connect(addNode(rightWorkflow(), SPECS[3]!, { x: 0, y: 0 }).workflow, { source: 'keep', sourcePort: 'rejected', target: 'transform', targetPort: 'in' });
    const open = { ...workflow, edges: workflow.edges.filter((edge) => edge.id !== 'e1') };
    expect(whyNot(open, specs, { source: 'transform', sourcePort: 'out', target: 'keep', targetPort: 'in' })?.en).toMatch(/circle/);
    expect(whyNot(workflow, specs, { source: 'keep', sourcePort: 'rejected', target: 'show', targetPort: 'in' }, 'e2')).toBeNull();
  });
});

const all = (side: 'source' | 'target') => fitting(SPECS, { node: 'keep', port: 'x', side }).map((spec) => spec.nodeType);

describe('fitting', () => {
  it('offers what has the other side', () => {
    expect(all('source')).toEqual(['filter.condition', 'data.transform', 'console.log']);
    expect(all('target')).toEqual(['file.csv', 'memory.collection', 'filter.condition', 'data.transform']);
  });
});
