import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import { builtInNodes, specsOf } from '../nodes/registry.ts';
import { removeLeftovers } from './leftovers.ts';
import { graphOf } from './prepare.ts';
import { small } from './fake-worker.testing.ts';

test('half files of a process that is gone are removed; those of others, and other files, stay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-leftovers-'));
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const files = [`.out.csv.${gone}.part`, `.out.csv.${gone}.new`, `.out.csv.${gone}.123.lock`, `.out.csv.${process.pid}.123.lock`, `.out.csv.${process.pid}.part`, `.other.csv.${gone}.part`, 'out.csv', '.out.csv.part'];
  for (const name of files) writeFileSync(join(folder, name), '');
  const sink = { type: 'sink', nodeType: 'file.text', config: { path: 'out.csv', format: 'csv' } };
  const graph = graphOf({ registry: builtInNodes, specs: specsOf(builtInNodes) }, small({ log: sink }), folder);
  expect(graph.nodes.map((node) => node.id)).toContain(NodeId.parse('log'));
  removeLeftovers(graph, builtInNodes, { runId: 'r', requestedAt: new Date(0) }, join(folder, 'outputs'));
  expect(readdirSync(folder).toSorted()).toEqual([`.other.csv.${gone}.part`, `.out.csv.${process.pid}.123.lock`, `.out.csv.${process.pid}.part`, '.out.csv.part', 'out.csv'].toSorted());
  rmSync(folder, { recursive: true });
});

test('copies that a transfer had begun go from its target folder and those in it, and from beside a single target', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-leftovers-'));
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  mkdirSync(join(folder, 'out/sub'), { recursive: true });
  const stay = ['out/a.txt', `out/.a.txt.${gone}.part`, `out/.b.txt.millrace.${process.pid}.part`, `.x.txt.millrace.${gone}.part`];
  for (const name of [...stay, `out/.a.txt.millrace.${gone}.part`, `out/sub/.b.txt.millrace.${gone}.part`, `.one.txt.millrace.${gone}.part`]) writeFileSync(join(folder, name), '');
  for (const target of ['out/', 'one.txt', 'nowhere/']) {
    const graph = graphOf({ registry: builtInNodes, specs: specsOf(builtInNodes) }, small({ log: { type: 'sink', nodeType: 'file.transfer', config: { source: 'in', target } } }), folder);
    removeLeftovers(graph, builtInNodes, { runId: 'r', requestedAt: new Date(0) }, join(folder, 'outputs'));
  }
  expect(readdirSync(folder, { recursive: true }).map(String).toSorted()).toEqual([...stay, 'out', 'out/sub'].toSorted());
  rmSync(folder, { recursive: true });
});

test('an output that a process which is gone had begun to keep is removed; whole ones, and those that are being written, stay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-leftovers-'));
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  for (const name of [`.kept.${gone}.part`, `.kept.${process.pid}.part`, `.other.${gone}.part`]) writeFileSync(join(folder, name), '');
  removeLeftovers({ nodes: [], edges: [], folder }, builtInNodes, { runId: 'r', requestedAt: new Date(0) }, folder);
  expect(readdirSync(folder).toSorted()).toEqual([`.kept.${process.pid}.part`, `.other.${gone}.part`].toSorted());
  rmSync(folder, { recursive: true });
});
