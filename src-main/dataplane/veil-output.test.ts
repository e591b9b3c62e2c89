import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const SECRET = 'correct horse battery';
const at = (file: string): string => JSON.stringify(pathToFileURL(resolve(import.meta.dirname, file)).href);

/** A process that has put the veil over its output and knows a secret, and then does this. */
async function said(deed: string): Promise<{ readonly code: number | null; readonly text: string }> {
  const program = `
    const { createVeil } = await import(${at('../connectors/veil.ts')});
    const { veilOutput } = await import(${at('veil-output.ts')});
    const secret = process.env.SECRET;
    const veil = createVeil();
    veil.add({ secrets: { password: secret }, settings: {} });
    veilOutput(process, veil);
    ${deed}
  `;
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings=ExperimentalWarning', '--input-type=module', '-e', program], { env: { ...process.env, SECRET }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => void (text += more));
  await once(child, 'close');
  return { code: child.exitCode, text };
}

test.each([
  ['a line on the console', 'console.error("login of", { password: secret }); console.log(secret);', 0],
  ['bytes', 'process.stderr.write(Buffer.from("login with " + secret));', 0],
  ['a warning', 'process.emitWarning("login with " + secret);', 0],
  ['an error that nobody catches', 'throw Object.assign(new Error("login with " + secret), { options: { password: secret } });', 1],
  ['a promise that nobody waits for', 'Promise.reject(new Error("login with " + secret)); setTimeout(() => undefined, 1000);', 1],
  ['something thrown that is no error', 'throw { password: secret };', 1],
])('%s does not show a secret', async (_what, deed, code) => {
  const ended = await said(deed);
  expect(ended).toMatchObject({ code, text: expect.stringMatching(/login|password/u) });
  expect(ended.text).toContain('••••••');
  expect(ended.text).not.toMatch(/correct|battery/u);
});
