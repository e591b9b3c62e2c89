import { StudioError } from '#shared/errors';
import { isUnsupported } from './faults.ts';
import { listening, patienceFor, quietly, within } from './reach.ts';
import { clientOptions } from './settings.ts';
import type { KafkaSettings } from './settings.ts';

/** Members of a group, by the names their programs gave themselves. */
export interface GroupNow {
  readonly state: string;
  readonly clients: readonly string[];
}

/** Throws conflict where a group is in use. Its members share the partitions and move its place: what a run reads they would read as well. */
export function refuseBusy(group: string, { state, clients }: GroupNow): void {
  if (clients.length === 0 || state === 'DEAD' || state === 'EMPTY') return;
  throw new StudioError('conflict', `The group “${group}” is in use by ${clients.length} consumer${clients.length === 1 ? '' : 's'} (${[...new Set(clients)].slice(0, 3).join(', ')}), which read the same messages.`, { place: group, remedy: 'Give this node a group of its own, or stop the other consumer.' });
}

/** Who is in a group now; null where the broker does not tell. */
export async function groupNow(settings: KafkaSettings, group: string): Promise<GroupNow | null> {
  const { Admin } = await import('@platformatic/kafka');
  const admin = listening(new Admin(clientOptions(settings)));
  try {
    const found = (await within(patienceFor(settings), () => admin.describeGroups({ groups: [group] }))).get(group);
    return found === undefined ? null : { state: found.state.toUpperCase(), clients: [...found.members.values()].map((member) => member.clientId) };
  } catch (error) {
    if (isUnsupported(error)) return null;
    throw error;
  } finally {
    await quietly(() => admin.close());
  }
}
