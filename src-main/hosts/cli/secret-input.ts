import { StudioError } from '#shared/errors';

/** Without the end of line that `echo` and editors put behind it. */
const trimmed = (text: string): string => text.replace(/\r?\n$/u, '');

/** Keys that a terminal sends in raw mode. */
const [CTRL_C, CTRL_D, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\b', '\u007f'];

/** A secret from standard input, to its end; from a person at a terminal one line, which is not shown. */
export async function readSecret(field: string): Promise<string> {
  const { stdin } = process;
  const text = stdin.isTTY ? await typed(field) : await piped();
  if (trimmed(text) === '') throw new StudioError('invalid_input', 'Nothing came on standard input.', { place: field, remedy: `Send the value: printf %s "$VALUE" | millrace connections set … --secret ${field}` });
  return trimmed(text);
}

async function piped(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}

function typed(field: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${field} (it is not shown): `);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  let text = '';
  return new Promise<string>((resolve, reject) => {
    const hear = (keys: string): void => {
      for (const key of keys) {
        if (key === CTRL_C) return reject(new StudioError('cancelled', 'Nothing was saved.'));
        if (key === '\r' || key === '\n' || key === CTRL_D) return resolve(text);
        text = key === BACKSPACE || key === DELETE ? text.slice(0, -1) : text + key;
      }
    };
    stdin.on('data', hear);
  }).finally(() => {
    stdin.setRawMode(false).removeAllListeners('data').pause();
    stderr.write('\n');
  });
}

/** The value of an environment's variable. Throws invalid_input where it is not set. */
export function secretOf(variable: string, field: string): string {
  const text = trimmed(process.env[variable] ?? '');
  if (text === '') throw new StudioError('invalid_input', `The variable ${variable} is not set.`, { place: field, remedy: 'Set it, or send the value on standard input with --secret.' });
  return text;
}
