import type { Consumer as Client } from '@platformatic/kafka';
import { StudioError } from '#shared/errors';
import { protocolCodes } from './faults.ts';
import { committedIn } from './position.ts';

/** Ways to share partitions out: a group takes in only who knows its own. */
const PROTOCOLS = [{ name: 'range', version: 1 }, { name: 'roundrobin', version: 1 }] as const;

/** How far a group is to be moved in a topic: from where it was (null: nowhere) to `next`. */
export interface Move {
  readonly partition: number;
  readonly was: bigint | null;
  readonly next: bigint;
}

/**
 * Moves the group, or finds it moved. Never back: where it is further on already it stays. Throws conflict, and moves nothing, where
 * somebody else has moved it to a place that is neither.
 */
export async function commitMoves(client: Client, topic: string, moves: readonly Move[]): Promise<'moved' | 'found'> {
  const partitions = Math.max(-1, ...moves.map((move) => move.partition)) + 1;
  const now = await committedIn(client, topic, partitions);
  const due = moves.filter(({ partition, was, next }) => {
    const place = now[partition] ?? null;
    if (place !== null && place >= next) return false;
    if (place === was) return true;
    throw new StudioError('conflict', `The group “${client.groupId}” stands at ${place ?? 'no place'} in partition ${partition} of “${topic}”, and stood at ${was ?? 'no place'} when the run began: somebody else has moved it. It was left there.`, { place: topic, remedy: 'Give each reader a group of its own, and never reset a group while it is read.' });
  });
  if (due.length === 0) return 'found';
  const offsets = due.map(({ partition, next }) => ({ topic, partition, offset: next, leaderEpoch: -1 }));
  try {
    await client.commit({ offsets });
  } catch (error) {
    if (!protocolCodes(error).has('UNKNOWN_MEMBER_ID')) throw error;
    // Others have come into the group since the run began, and only members may move it now. Whoever closes the client has it leave again.
    client.memberId = null;
    await client.joinGroup({ protocols: [...PROTOCOLS] });
    await client.commit({ offsets });
  }
  return 'moved';
}
