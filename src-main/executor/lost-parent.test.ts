import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { builtMain } from './built.testing.ts';

const built = builtMain();

/** Asks its worker more than it can answer at once, and is killed as soon as that is on its way. */
const PARENT = `
  const worker = require('node:child_process').fork(process.argv[1], [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'], execArgv: [] });
  const ask = (id) => ({ kind: 'ask', id, question: { kind: 'test', connection: { name: 'n', kind: 'nothing', settings: {}, secrets: {} }, folder: '/' }, scratch: '/nowhere', memoryLimitMb: 64 });
  worker.once('message', () => {
    console.log(worker.pid);
    worker.send(Array.from({ length: 20000 }, (_, id) => ask(id)), () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 0));
  });
`;

test('a worker that answers a parent who is gone says nothing of it, and goes too', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT, built.worker], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  parent.stderr.on('data', (text: Buffer) => void (said += text.toString('utf8')));
  // The worker holds the other end: it is closed when both have ended.
  const ended = once(parent.stderr, 'close');
  await once(parent, 'exit');
  expect(parent.signalCode).toBe('SIGKILL');
  await ended;
  expect(said).toBe('');
});
