import { Connection, CONNECTION_KINDS } from '#shared/connections/connection';
import type { TestReport } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import type { ConnectionView, SecretStore } from '#shared/contract/connections';
import { errorSentence, StudioError } from '#shared/errors';
import type { Json, JsonObject } from '#shared/json';
import type { Param } from '#shared/node-spec';
import type { SpawnWorker } from '../../executor/worker-port.ts';
import { changeConnections, lookAtConnections } from './open-connections.ts';
import { DONE, FAILED, print, printAside, printJson, table } from './output.ts';
import { readSecret, secretOf } from './secret-input.ts';

interface Options {
  readonly dataDir: string;
  readonly json: boolean;
  readonly spawn: SpawnWorker;
}

export interface SetOptions extends Options {
  readonly kind: string | undefined;
  /** "name=value" each. */
  readonly settings: readonly string[];
  /** The field whose value comes on standard input. */
  readonly secret: string | undefined;
  /** "field=VARIABLE" each. */
  readonly fromEnv: readonly string[];
  /** Fields whose secret is removed. */
  readonly forget: readonly string[];
}

const secretsOf = ({ secrets, unopened = [] }: ConnectionView): string =>
  Object.entries(secrets)
    .filter(([, isThere]) => isThere)
    .map(([field]) => (unopened.includes(field) ? `${field} (can’t be opened)` : field))
    .join(', ');

const warnOf = ({ kind, detail }: SecretStore): void => {
  if (kind === 'broken') printAside(`warning: ${detail}\n`);
};

/** Every connection, without anything secret; also while a studio is at work. */
export async function list({ dataDir, json, spawn }: Options): Promise<number> {
  const { connections, store } = await lookAtConnections(dataDir, spawn).list();
  if (json) printJson({ connections: connections.map(({ usedBy: _unknown, ...one }) => one), store });
  else if (connections.length === 0) print('No connections. Set one up with `millrace connections set`, or in the window under Settings › Connections.\n');
  else print(table(['name', 'kind', 'secrets', 'settings'], connections.map((one) => [one.name, one.kind, secretsOf(one), shownSettings(one.settings)])));
  if (!json) warnOf(store);
  return DONE;
}

const shownSettings = (settings: JsonObject): string => Object.entries(settings).filter(([, value]) => typeof value !== 'string' || value.length <= 80).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ');

/** Tries one, and says what was tried, step by step. Exit code 1 where it does not work. */
export async function test(name: string, { dataDir, json, spawn }: Options): Promise<number> {
  const connections = lookAtConnections(dataDir, spawn);
  const one = await known(await connections.all(), name);
  const report = await connections.test({ ...one, previous: one.name, secrets: {} });
  if (json) printJson({ name, ...report });
  else printReport(name, report);
  return report.ok ? DONE : FAILED;
}

function printReport(name: string, { ok, steps, server, durationMs, error }: TestReport): void {
  for (const { step, ok: isDone, detail } of steps) print(`${isDone ? '✓' : '✗'} ${step}: ${detail}\n`);
  if (ok) print(`“${name}” works${server === null ? '' : `: ${server}`} (${Math.round(durationMs)} ms).\n`);
  else printAside(`millrace: “${name}” does not work: ${error === null ? 'no reason was given.' : errorSentence(error)}\n`);
}

/** Makes one, or changes what is named of one. Secrets come from standard input or the environment: arguments are seen by everybody on the machine. */
export async function set(name: string, options: SetOptions): Promise<number> {
  const { dataDir, json, spawn, settings, secret, fromEnv, forget } = options;
  const secrets: Record<string, string | null> = Object.fromEntries(forget.map((field) => [field, null]));
  for (const one of fromEnv) {
    const [field, variable] = pair(one, '--secret-env', 'password=PGPASSWORD');
    secrets[field] = secretOf(variable, field);
  }
  if (secret !== undefined) secrets[secret] = await readSecret(secret);
  return changeConnections(dataDir, spawn, async (connections) => {
    const before = (await connections.all()).find((one) => one.name === name);
    const kind = kindOf(options.kind ?? before?.kind);
    const next: Record<string, Json> = { ...(before?.kind === kind ? before.settings : {}) };
    for (const one of settings) {
      const [field, text] = pair(one, '--setting', 'host=localhost');
      if (text === '') delete next[field];
      else next[field] = valueOf(connectionSpecs[kind].params.find((param) => param.name === field), text);
    }
    const allowed = Connection.shape.name.safeParse(name);
    if (!allowed.success) throw new StudioError('invalid_input', `“${name}” can’t be the name of a connection.`, { place: 'name', remedy: 'Use letters, digits, spaces and . _ - ( ), at most 100 of them, beginning with a letter or a digit.' });
    const view = await connections.save({ name: allowed.data, kind, settings: next, secrets, previous: before === undefined ? null : name });
    if (json) printJson(view);
    else print(`“${name}” is saved. Try it with: millrace connections test ${JSON.stringify(name)}\n`);
    return DONE;
  });
}

/** Removes one with its secrets. */
export async function remove(name: string, { dataDir, json, spawn }: Options): Promise<number> {
  return changeConnections(dataDir, spawn, async (connections) => {
    await connections.delete(name);
    if (json) printJson({ removed: name });
    else print(`“${name}” is removed.\n`);
    return DONE;
  });
}

async function known(all: readonly Connection[], name: string): Promise<Connection> {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new StudioError('not_found', `There is no connection called “${name}”.`, { place: name, remedy: 'See `millrace connections list`.' });
  return found;
}

function pair(text: string, option: string, example: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new StudioError('invalid_input', 'A name and a value are needed, with = between them.', { place: option, remedy: `Write ${option} ${example}.` });
  return [text.slice(0, at), text.slice(at + 1)];
}

function kindOf(text: string | undefined): Connection['kind'] {
  const kind = CONNECTION_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new StudioError('invalid_input', text === undefined ? 'A new connection needs its kind.' : `There is no kind of connection called “${text}”.`, { place: '--kind', remedy: `Give one of ${CONNECTION_KINDS.join(', ')}.` });
}

/** A setting's text as its form has it. What does not fit stays a text: the check says what is expected. */
function valueOf(param: Param | undefined, text: string): Json {
  const kind = param?.widget.kind;
  if (kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
