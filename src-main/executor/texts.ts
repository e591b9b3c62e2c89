import type { NodeId } from '#shared/ids';
import { nodeKey } from '#shared/node-spec';
import { problem } from '#shared/workflow/problems';
import type { Problem } from '#shared/workflow/workflow';
import type { FromWorker, Graph, NamedText, RefusedText, TextsQuestion } from '../dataplane/protocol.ts';
import type { Registry } from '../nodes/registry.ts';
import type { Lease } from './pool.ts';

/** The SQL in the configs of a graph's nodes. A node that an error was `found` in is left out: its texts can't be told. */
export function textsOf({ nodes, edges }: Graph, registry: Registry, found: readonly Problem[] = []): readonly NamedText[] {
  const except = new Set(found.filter((one) => one.severity === 'error').flatMap((one) => one.node ?? []));
  const ports = new Map<NodeId, Set<string>>();
  for (const { target, targetPort } of edges) ports.set(target, (ports.get(target) ?? new Set()).add(targetPort));
  return nodes.flatMap((node) => {
    if (node.disabled === true || except.has(node.id)) return [];
    return registry.get(nodeKey(node))?.texts?.(node.config, ports.get(node.id) ?? new Set()).map((text) => ({ ...text, node: node.id })) ?? [];
  });
}

/** A refused text among the other problems of its workflow. */
export const textProblem = ({ node, field, message, remedy }: RefusedText): Problem => problem('config_refused', { message, remedy }, { node, field });

/** What was found and what is refused of the texts besides: errors first. Where nobody can be asked, nothing is refused. */
export async function withRefused(found: readonly Problem[], texts: readonly NamedText[], ask: (texts: readonly NamedText[]) => Promise<readonly RefusedText[]>): Promise<readonly Problem[]> {
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
