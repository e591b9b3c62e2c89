import type { NodeId } from '#shared/ids';
import { nodeKey } from '#shared/node-spec';
import { problem } from '#shared/workflow/problems';
import type { Problem, WorkflowNode } from '#shared/workflow/workflow';
import type { FromWorker, Graph, NamedText, RefusedText, TextsQuestion } from '../dataplane/protocol.ts';
import { resolveIn } from '../dataplane/context.ts';
import type { Registry } from '../nodes/registry.ts';
import type { Lease } from './pool.ts';

/** The SQL in the configs of a graph's nodes that run: pinned ones give their rows instead. A node that an error was `found` in is left out: its texts can't be told. */
export function textsOf({ nodes, edges }: Graph, registry: Registry, found: readonly Problem[] = []): readonly NamedText[] {
  const except = new Set(found.filter((one) => one.severity === 'error').flatMap((one) => one.node ?? []));
  const ports = new Map<NodeId, Set<string>>();
  for (const { target, targetPort } of edges) ports.set(target, (ports.get(target) ?? new Set()).add(targetPort));
  return nodes.flatMap((node) => {
    if (node.disabled === true || node.pin !== undefined || except.has(node.id)) return [];
    return registry.get(nodeKey(node))?.texts?.(node.config, ports.get(node.id) ?? new Set()).map((text) => ({ ...text, node: node.id })) ?? [];
  });
}

/** When a name that holds `{date}` or `{runId}` is filled in only to be compared. */
const SOME_RUN = { requestedAt: new Date(0), runId: 'run' };

/** Nodes that would write one and the same file: the last to come would win, and the others' rows be lost. */
export function clashes({ nodes, folder }: Graph, registry: Registry): readonly Problem[] {
  const writers = new Map<string, NodeId>();
  const found: Problem[] = [];
  for (const node of nodes) {
    if (node.disabled === true) continue;
    for (const path of writesOf(node, folder, registry)) {
      const other = writers.get(path);
      if (other !== undefined) found.push(problem('same_file', { node: node.id, other, path }, { node: node.id, field: 'path' }));
      else writers.set(path, node.id);
    }
  }
  return found;
}

/** Files that a node writes itself, absolute; a transfer's targets are folders that several may share. */
function writesOf(node: WorkflowNode, folder: string, registry: Registry): readonly string[] {
  try {
    const resolve = (path: string): string => resolveIn(folder, path);
    return node.nodeType === 'file.transfer' ? [] : [...new Set(registry.get(nodeKey(node))?.files?.(node.config, { resolve, ...SOME_RUN }).writes?.map(resolve))];
  } catch {
    // Its own problem is told elsewhere.
    return [];
  }
}

/** A refused text among the other problems of its workflow. */
export const textProblem = ({ node, field, message, remedy }: RefusedText): Problem => problem('config_refused', { message, remedy }, { node, field });

/** What was found and what is refused of the texts besides: errors first. Where nobody can be asked, nothing is refused. */
export async function withRefused(graph: Graph, registry: Registry, known: readonly Problem[], ask: (texts: readonly NamedText[]) => Promise<readonly RefusedText[]>): Promise<readonly Problem[]> {
  const found = [...known, ...clashes(graph, registry)];
  const texts = textsOf(graph, registry, known);
  const refused = texts.length === 0 ? [] : (await ask(texts)).map(textProblem);
  return [...found.filter((one) => one.severity === 'error'), ...refused, ...found.filter((one) => one.severity !== 'error')];
}

/** Puts the question to a worker that is in our hands. Nothing is refused where it has no answer: the run will tell. */
export function askHeld(lease: Lease, question: TextsQuestion, limits: { readonly scratch: string; readonly memoryLimitMb: number }): Promise<readonly RefusedText[]> {
  return new Promise((resolve) => {
    const message = (said: FromWorker): void => {
      if (said.kind === 'answer') resolve(said.ok ? (said.value as readonly RefusedText[]) : []);
    };
    lease.hold({ message, lost: () => resolve([]) });
    lease.send({ kind: 'ask', id: 0, question, ...limits });
  });
}
