import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Veil } from '../connectors/veil.ts';

type Texts = Pick<Veil, 'text'>;

/**
 * Puts the veil over all that a process prints: clients of servers warn on the console, and what nobody catches is printed with all it holds.
 * What is printed piece by piece is veiled piece by piece.
 */
export function veilOutput(own: NodeJS.Process, veil: Texts): void {
  for (const stream of [own.stdout, own.stderr]) {
    const write: (text: string, ...more: never[]) => boolean = stream.write.bind(stream);
    stream.write = (chunk: Uint8Array | string, ...more: never[]) => write(veil.text(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')), ...more);
  }
  // These too go past the stream unless somebody writes them there.
  own.removeAllListeners('warning').on('warning', ({ name, message }) => void own.stderr.write(`${name}: ${message}\n`));
  own.on('uncaughtException', (thrown: unknown) => {
    // Node would print it itself, past the stream. An error's own fields may hold a client's options: its stack is enough.
    const said = thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown, { depth: 0 });
    try {
      writeSync(2, `${veil.text(said)}\n`);
    } catch {
      // Nobody reads it.
    }
    own.exit(1);
  });
}
