import type { Text } from '#shared/node-spec';
import { wouldCycle } from '#shared/workflow/graph';
import type { Workflow, WorkflowNode } from '#shared/workflow/workflow';
import type { Connection } from './change.ts';
import { inputsOf, nodeById, outputsOf, sourcePortOf, specOf, targetPortOf } from './ports.ts';
import type { Specs } from './ports.ts';

const says = (en: string, zh: string): Text => ({ en, zh });

function wrongEnds(specs: Specs, source: WorkflowNode, target: WorkflowNode, { sourcePort, targetPort }: Connection): Text | null {
  const from = specOf(specs, source);
  const to = specOf(specs, target);
  if (from === null) return says(`Nobody knows the node type “${source.nodeType}”.`, `未知的节点类型“${source.nodeType}”。`);
  if (to === null) return says(`Nobody knows the node type “${target.nodeType}”.`, `未知的节点类型“${target.nodeType}”。`);
  if (to.inputs.length === 0) {
    return target.type === 'source'
      ? says('A source makes rows; it takes none in.', '数据源只产生数据，不接收输入。')
      : says(`“${to.label.en}” takes no rows in.`, `“${to.label.zh}”不接收输入。`);
  }
  const outputs = outputsOf(specs, source);
  if (outputs.length === 0) {
    return source.type === 'sink'
      ? says('A sink is an end: no rows leave it.', '输出节点是终点，没有数据流出。')
      : says(`“${from.label.en}” gives no rows out.`, `“${from.label.zh}”没有输出。`);
  }
  if (!outputs.some((port) => port.name === sourcePort)) {
    return says(`“${from.label.en}” has no output “${sourcePort}”. It has: ${outputs.map((port) => port.name).join(', ')}.`, `“${from.label.zh}”没有输出端口“${sourcePort}”。`);
  }
  if (!to.inputs.some((port) => port.name === targetPort)) {
    return says(`“${to.label.en}” has no input “${targetPort}”. It has: ${to.inputs.map((port) => port.name).join(', ')}.`, `“${to.label.zh}”没有输入端口“${targetPort}”。`);
  }
  return null;
}

/**
 * Why this connection can't be made, in a sentence for the person who is dragging it; null when it can. `moving` is the edge whose
 * end is being moved, if one is: it is not in its own way.
 */
export function whyNot(workflow: Workflow, specs: Specs, connection: Connection, moving?: string): Text | null {
  if (connection.source === connection.target) return says('A node can’t feed itself.', '节点不能连接到自身。');
  const source = nodeById(workflow, connection.source);
  const target = nodeById(workflow, connection.target);
  if (source === null || target === null) return says('That node is no longer there.', '该节点已不存在。');
  const wrong = wrongEnds(specs, source, target, connection);
  if (wrong !== null) return wrong;
  const others = moving === undefined ? workflow.edges : workflow.edges.filter((edge) => edge.id !== moving);
  const into = others.filter((edge) => edge.target === target.id && targetPortOf(edge, specOf(specs, target)) === connection.targetPort);
  if (into.some((edge) => edge.source === source.id && sourcePortOf(edge, specOf(specs, source)) === connection.sourcePort)) {
    return says('These two are already connected.', '这两个端口已经相连。');
  }
  const port = inputsOf(specs, target).find((one) => one.name === connection.targetPort);
  if (into.length > 0 && port?.many !== true) {
    return says('This input takes one connection, and has it.', '此输入端口只接受一条连接，且已被占用。');
  }
  if (wouldCycle({ nodes: workflow.nodes, edges: others }, source.id, target.id)) return says('That would close a circle: rows would never end.', '这会形成环路，数据将无法结束。');
  return null;
}
