import { StudioError } from '#shared/errors';
import type { Json, JsonObject } from '#shared/json';
import type { Move } from '../../connectors/kafka/commit.ts';

/** What a run has read of a topic for a group, and where that leaves the group: kept in the journal until the group is moved. */
export interface Place {
  readonly topic: string;
  readonly group: string;
  readonly moves: readonly (Move & { readonly from: bigint })[];
}

/** As JSON; offsets are numbers, and one that a number can't hold is refused. */
export const placeFrom = ({ topic, group, moves }: Place): JsonObject => ({
  topic, group,
  moves: moves.map(({ partition, from, was, next }) => [partition, exact(from), was === null ? null : exact(was), exact(next)]),
});

function exact(offset: bigint): number {
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw new StudioError('unsupported', `The offset ${offset} is beyond what can be kept.`);
  return Number(offset);
}

const isNumber = (value: Json | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** The other direction. Throws internal where it is none. */
export function placeIn({ topic, group, moves }: JsonObject): Place {
  const read = Array.isArray(moves) ? (moves as readonly Json[]).flatMap((one): Place['moves'] => {
    const [partition, from, was, next] = Array.isArray(one) ? (one as readonly Json[]) : [];
    return isNumber(partition) && isNumber(from) && isNumber(next) && (was === null || isNumber(was)) ? [{ partition, from: BigInt(from), was: was === null ? null : BigInt(was), next: BigInt(next) }] : [];
  }) : [];
  if (typeof topic !== 'string' || typeof group !== 'string' || !Array.isArray(moves) || read.length !== moves.length) throw new StudioError('internal', 'What the run has read of the topic can’t be made out any more.');
  return { topic, group, moves: read };
}
