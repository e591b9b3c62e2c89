import { expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import type { FromWorker } from '../dataplane/protocol.ts';
import { createAsked } from './asked.ts';

const shop: OpenConnection = { name: 'Shop', kind: 'postgresql', settings: {}, secrets: { password: 'hunter2' } };

function worker() {
  const sent: FromWorker[] = [];
  const order: string[] = [];
  const asked = createAsked((message) => sent.push(message), ({ name }) => order.push(`veiled ${name}`));
  return { sent, order, asked };
}

test('each question has the answer that is its own, whichever comes first', async () => {
  const { sent, asked } = worker();
  const [first, second] = [asked.connection('Shop', ['postgresql']), asked.connection('Cache', ['redis'])];
  expect(sent).toEqual([{ kind: 'connection', id: 1, name: 'Shop' }, { kind: 'connection', id: 2, name: 'Cache' }]);
  asked.receive({ kind: 'connection', id: 2, ok: true, connection: { ...shop, name: 'Cache', kind: 'redis' } });
  asked.receive({ kind: 'connection', id: 7, ok: true, connection: shop });
  asked.receive({ kind: 'connection', id: 1, ok: true, connection: shop });
  expect([(await first).name, (await second).name]).toEqual(['Shop', 'Cache']);
});

test('its secrets are veiled before anybody has it, also one of a kind that is of no use', async () => {
  const { order, asked } = worker();
  const wanted = asked.connection('Shop', ['redis', 'kafka']).catch((thrown: unknown) => {
    order.push('refused');
    return thrown;
  });
  asked.receive({ kind: 'connection', id: 1, ok: true, connection: shop });
  expect(await wanted).toMatchObject({ code: 'invalid_input', place: 'connection', message: expect.stringContaining('redis or kafka') });
  expect(order).toEqual(['veiled Shop', 'refused']);
});

test('why there is none is told as the studio says it', async () => {
  const { asked } = worker();
  const wanted = asked.connection('Gone', ['redis']);
  asked.receive({ kind: 'connection', id: 1, ok: false, error: { code: 'permission', message: 'It can’t be opened.', place: 'Gone/password' } });
  await expect(wanted).rejects.toMatchObject({ code: 'permission', place: 'Gone/password' });
});
