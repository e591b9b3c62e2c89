import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { nodeKey } from '#shared/node-spec';
import { isAlive } from '../alive.ts';
import type { Graph } from '../dataplane/protocol.ts';
import type { Registry } from '../nodes/registry.ts';

/** What a worker calls a file that is not whole yet: a dot, the file's name, the worker's process id, and the stage (see stagedPath). And what it locks with while it adds to one (see append-lock). */
const UNFINISHED = /^\.(.+?)(?:\.millrace)?\.(\d+)\.(?:part|new|\w+\.lock)$/u;

/** A copy that file.transfer has not finished, under any name of its target folder and those in it. */
const UNFINISHED_COPY = /^\..+\.millrace\.(\d+)\.part$/u;

export { isAlive };

function removeCopies(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const pid = UNFINISHED_COPY.exec(entry.name)?.[1];
    if (pid !== undefined && entry.isFile() && !isAlive(Number(pid))) rmSync(join(entry.parentPath, entry.name), { force: true });
  }
}

/** Half files of these names, of processes that are gone. */
function removeHalves(folder: string, names: ReadonlySet<string>): void {
  try {
    for (const entry of readdirSync(folder)) {
      const [, name = '', pid = ''] = UNFINISHED.exec(entry) ?? [];
      if (names.has(name) && !isAlive(Number(pid))) rmSync(join(folder, entry), { force: true });
    }
  } catch {
    // The folder may never have been made.
  }
}

/** What a worker calls an output that it has begun to keep, without the dot and its process. */
const KEPT = new Set(['kept']);

/**
 * Removes the half files that a worker left when it was ended in the middle of writing: beside the files of this graph's sinks, and among
 * the kept `outputs`. Only of processes that are gone, and only beside names that the workflow writes. Never throws.
 */
export function removeLeftovers(graph: Graph, registry: Registry, run: { readonly runId: string; readonly requestedAt: Date }, outputs: string): void {
  removeHalves(outputs, KEPT);
  const resolve = (path: string): string => normalize(isAbsolute(path) ? path : join(graph.folder, path));
  const written = graph.nodes.flatMap((node) => {
    try {
      return registry.get(nodeKey(node))?.files?.(node.config, { resolve, ...run }).writes?.map(resolve) ?? [];
    } catch {
      return [];
    }
  });
  for (const folder of new Set(written)) {
    try {
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) removeCopies(folder);
    } catch {
      // A folder in it may have gone, or may not be read.
    }
  }
  const names = new Set(written.map((path) => basename(path)));
  for (const folder of new Set(written.map((path) => dirname(path)))) removeHalves(folder, names);
}
