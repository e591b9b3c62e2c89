import type { Consumer as Client } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { commitMoves } from './commit.ts';

/** As much of a client as moving a group takes: it answers what the broker would, in this order. */
function brokerThat(places: readonly number[], ...answers: readonly (string | null)[]) {
  const left = [...answers];
  const calls: unknown[] = [];
  const client = {
    groupId: 'g', memberId: '', generationId: -1,
    listCommittedOffsets: () => Promise.resolve(new Map([['t', places.map(BigInt)]])),
    joinGroup: () => (calls.push('join'), Promise.resolve('member')),
    commit({ offsets }: { readonly offsets: readonly { readonly partition: number; readonly offset: bigint }[] }) {
      calls.push(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
      const apiId = left.shift() ?? null;
      return apiId === null ? Promise.resolve() : Promise.reject(Object.assign(new Error(apiId), { errors: [{ apiId }] }));
    },
  };
  return { client: client as unknown as Client, calls };
}
const move = (partition: number, was: number | null, next: number) => ({ partition, was: was === null ? null : BigInt(was), next: BigInt(next) });

test('only what has not moved yet is moved', async () => {
  const { client, calls } = brokerThat([3, 9, -1]);
  expect(await commitMoves(client, 't', [move(0, 3, 5), move(1, 4, 9), move(2, null, 7)])).toBe('moved');
  expect(calls).toEqual([[[0, 5], [2, 7]]]);
  const done = brokerThat([5, 12, 7]);
  expect(await commitMoves(done.client, 't', [move(0, 3, 5), move(1, 4, 9), move(2, null, 7)])).toBe('found');
  expect(done.calls).toEqual([]);
});

test('where somebody else has moved it, nothing is', async () => {
  const { client, calls } = brokerThat([3, 6]);
  await expect(commitMoves(client, 't', [move(0, 3, 5), move(1, 4, 9)])).rejects.toThrow('The group “g” stands at 6 in partition 1 of “t”, and stood at 4 when the run began: somebody else has moved it.');
  expect(calls).toEqual([]);
});

test('a group that has got members is moved as one of them; any other refusal is told', async () => {
  const { client, calls } = brokerThat([3], 'UNKNOWN_MEMBER_ID', null);
  expect(await commitMoves(client, 't', [move(0, 3, 5)])).toBe('moved');
  expect(calls).toEqual([[[0, 5]], 'join', [[0, 5]]]);
  const refused = brokerThat([3], 'GROUP_AUTHORIZATION_FAILED');
  await expect(commitMoves(refused.client, 't', [move(0, 3, 5)])).rejects.toThrow('GROUP_AUTHORIZATION_FAILED');
  expect(refused.calls).toEqual([[[0, 5]]]);
});
