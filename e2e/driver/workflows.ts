import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Step {
  readonly id: string;
  readonly type: 'source' | 'transform' | 'sink';
  readonly nodeType: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly label?: string;
  readonly checkpoint?: boolean;
  readonly retry?: Readonly<Record<string, unknown>>;
}

/** Writes a workflow whose nodes follow each other in a row, as `<id>.json`, where the library finds it. */
export function writeWorkflow(folder: string, id: string, name: string, steps: readonly Step[]): string {
  const path = join(folder, `${id}.json`);
  const nodes = steps.map((step, index) => ({ ...step, position: { x: 80 + index * 290, y: 120 } }));
  const edges = steps.slice(1).map((step, index) => ({ id: `e${String(index)}`, source: steps[index]?.id, target: step.id }));
  writeFileSync(path, JSON.stringify({ formatVersion: 1, id, name, description: '', version: '1.0.0', author: '', tags: [], settings: {}, nodes, edges }, null, 2));
  return path;
}

/** A workflow file as JSON. */
export const readWorkflow = (path: string): { name: string; nodes: { id: string; nodeType: string; config: Record<string, unknown> }[]; edges: { source: string; target: string }[] } => JSON.parse(readFileSync(path, 'utf8'));

export const numbers: Step = { id: 'numbers', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 100 } };
export const keep: Step = { id: 'keep', type: 'transform', nodeType: 'filter.condition', config: { condition: 'value > 50' }, label: 'Large ones' };
export const file: Step = { id: 'file', type: 'sink', nodeType: 'file.text', config: { path: 'output/numbers.csv' } };
