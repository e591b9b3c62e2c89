/**
 * `npm start`: sets a studio up in a folder of its own, makes a workflow from the weather template (real data), runs it, prints the
 * result, and shows it: in the desktop window where there is a display and Electron's binary, else on localhost.
 * Options: --once ends after the result; --port P; --data-dir D.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' }, 'data-dir': { type: 'string' } } });
const dataDir = resolve(values['data-dir'] ?? process.env['MILLRACE_DATA_DIR'] ?? join(homedir(), '.millrace-sample'));
const template = 'seattle-weather';

interface Server {
  readonly process: ChildProcess;
  /** With the token in it: what a browser opens. */
  readonly link: URL;
}

/** Starts the server host and waits for the address it prints. */
function serve(): Promise<Server> {
  const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'serve', '--port', values.port, '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((found, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      const link = /https?:\/\/\S+/.exec(text)?.[0];
      if (link !== undefined) found({ process: child, link: new URL(link) });
    });
    child.once('exit', (code) => failed(new Error(`The studio ended before it was ready (exit code ${code}).`)));
  });
}

async function call<T>(server: Server, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(new URL(`/api${path}`, server.link), {
    method,
    headers: { authorization: `Bearer ${server.link.searchParams.get('token') ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

interface RunState {
  status: string;
  durationMs: number;
  error: { message: string } | null;
  nodes: Record<string, { status: string; rowsIn: number; rowsOut: Record<string, number>; outputs: { path: string | null; rows: number }[] }>;
}

async function runSample(server: Server): Promise<{ id: string; run: RunState }> {
  const listed = await call<{ id: string; name: string }[]>(server, 'GET', '/workflows');
  const samples = await call<{ id: string; name: string }[]>(server, 'GET', '/templates');
  const name = samples.find((one) => one.id === template)?.name ?? template;
  const id = listed.find((one) => one.name === name)?.id ?? (await call<{ id: string }>(server, 'POST', '/workflows', { name, template })).id;
  const { runId } = await call<{ runId: string }>(server, 'POST', '/runs', { workflowId: id });
  for (;;) {
    const run = await call<RunState>(server, 'GET', `/runs/${runId}`);
    if (['completed', 'failed', 'cancelled', 'interrupted'].includes(run.status)) return { id: runId, run };
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

function print(run: RunState): void {
  console.log(`\nThe sample workflow has ${run.status} in ${Math.round(run.durationMs)} ms${run.error === null ? '' : `: ${run.error.message}`}\n`);
  console.table(
    Object.fromEntries(
      Object.entries(run.nodes).map(([id, node]) => [id, { status: node.status, 'rows in': node.rowsIn, 'rows out': Object.entries(node.rowsOut).map(([port, rows]) => (port === 'out' ? String(rows) : `${port} ${rows}`)).join(', ') }]),
    ),
  );
  for (const { path } of Object.values(run.nodes).flatMap((node) => node.outputs)) {
    if (path === null || !existsSync(path)) continue;
    const lines = readFileSync(path, 'utf8').split('\n');
    console.log(`\n${path}\n${lines.slice(0, 12).join('\n')}${lines.length > 13 ? '\n…' : ''}`);
  }
}

const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
/** Electron's binary comes at its first start where the network allows it. */
const hasElectron = (): boolean => hasDisplay && spawnSync(join(root, 'node_modules/.bin/electron'), ['--version'], { timeout: 120_000, stdio: 'ignore' }).status === 0;

const server = await serve();
process.once('SIGINT', () => server.process.kill('SIGTERM'));
process.once('SIGTERM', () => server.process.kill('SIGTERM'));
const { id, run } = await runSample(server);
print(run);
process.exitCode = run.status === 'completed' ? 0 : 1;
if (values.once) server.process.kill('SIGTERM');
else if (hasElectron()) {
  server.process.kill('SIGTERM');
  await new Promise((gone) => server.process.once('exit', gone));
  spawnSync(join(root, 'node_modules/.bin/electron'), [root, '--data-dir', dataDir], { stdio: 'inherit' });
} else {
  const link = new URL(server.link);
  link.hash = `#/runs/${id}`;
  console.log(`\nThe studio is open on this machine only. Look at the run in a browser (Ctrl+C ends it):\n  ${link.href}`);
}
