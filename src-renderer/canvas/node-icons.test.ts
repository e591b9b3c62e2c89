import { expect, it } from 'vitest';
import type { NodeSpec } from '#shared/node-spec';
import { nodeIcons } from './node-icons.ts';

const modules = import.meta.glob<Readonly<Record<string, unknown>>>('../../src-main/nodes/*/spec.ts', { eager: true });
const specs = Object.values(modules).flatMap((module) => Object.values(module).filter((value): value is NodeSpec => typeof value === 'object' && value !== null && 'nodeType' in value));

it('draws the icon of every node there is', () => {
  expect(specs.length).toBeGreaterThan(0);
  expect(specs.filter((spec) => !nodeIcons.has(spec.icon)).map((spec) => `${spec.nodeType}: ${spec.icon}`)).toEqual([]);
});
