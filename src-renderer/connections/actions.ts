import { WorkflowId } from '#shared/ids';
import { client } from '../client/client.ts';
import { useConnectionDialogs } from './dialogs.ts';
import type { Missing } from './dialogs.ts';

/** What a workflow refers to and this studio has not; null where it has all of it. */
async function missingOf(id: WorkflowId): Promise<Missing | null> {
  const missing = await client.connections.missing({ id });
  if (missing.length === 0) return null;
  const [{ workflow }, specs] = await Promise.all([client.workflows.open({ id }), client.studio.nodes()]);
  const labelOf = (node: string): string => {
    const found = workflow.nodes.find((one) => one.id === node);
    const spec = specs.find((one) => one.type === found?.type && one.nodeType === found.nodeType);
    return found?.label ?? spec?.label.en ?? node;
  };
  return { id, workflow: workflow.name, connections: missing.map((one) => ({ ...one, labels: [...new Set(one.nodes.map(labelOf))] })) };
}

/** After workflows came from elsewhere: asks for the connections that they need and that are not here. What can't be found out is left to the editor. */
export async function askForMissing(ids: readonly string[]): Promise<void> {
  const found = await Promise.all(ids.map((id) => missingOf(WorkflowId.parse(id)).catch(() => null)));
  const missing = found.filter((one) => one !== null);
  if (missing.length > 0) useConnectionDialogs.setState({ missing });
}
