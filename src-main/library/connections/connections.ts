import { z } from 'zod';
import { Connection } from '#shared/connections/connection';
import type { OpenConnection } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import type { ConnectionView } from '#shared/contract/connections';
import { StudioError } from '#shared/errors';
import type { NodeSpec } from '#shared/node-spec';
import { withDefaults } from '#shared/workflow/defaults';
import type { Workflow } from '#shared/workflow/workflow';
import type { ConnectionChange, Connections, Executor, Library, SecretBox, SettingsStore } from '../../studio-types.ts';
import { fileError, readText, saveText } from '../files.ts';
import { missingIn, refersTo } from './missing.ts';

const ConnectionsFile = z.object({ formatVersion: z.literal(1), connections: z.array(Connection) });
const SecretsFile = z.object({ formatVersion: z.literal(1), secrets: z.record(z.string(), z.record(z.string(), z.string())) });

export interface ConnectionsParts {
  /** connections.json and secrets.json: absolute. */
  readonly files: { readonly connections: string; readonly secrets: string };
  readonly box: SecretBox;
  readonly specs: readonly NodeSpec[];
  readonly settings: SettingsStore;
  readonly test: Executor['test'];
  readonly library: () => Promise<Library>;
}

async function readFile<T>(path: string, shape: z.ZodType<T>, empty: T): Promise<T> {
  try {
    return shape.parse(JSON.parse(await readText(path)));
  } catch (thrown) {
    if (thrown instanceof z.ZodError || thrown instanceof SyntaxError) throw new StudioError('io', 'The file can’t be read as connections.', { place: path, remedy: 'Mend it in a text editor, or move it away.', detail: thrown.message });
    const error = fileError(thrown, path);
    if (error.code === 'not_found') return empty;
    throw error;
  }
}

const contextOf = (name: string, field: string): string => `${name}/${field}`;

/** The person's connections: what is not secret in one file, the sealed secrets in another, which its owner alone can read. */
export async function openConnections(parts: ConnectionsParts): Promise<Connections> {
  const { files, box } = parts;
  const listeners = new Set<() => void>();
  let connections = (await readFile(files.connections, ConnectionsFile, { formatVersion: 1, connections: [] })).connections;
  let secrets = (await readFile(files.secrets, SecretsFile, { formatVersion: 1, secrets: {} })).secrets;
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const find = (name: string): Connection => {
    const found = connections.find((one) => one.name === name);
    if (found === undefined) throw new StudioError('not_found', `There is no connection called “${name}”.`, { place: name, remedy: 'Set it up under Settings › Connections.' });
    return found;
  };
  const keep = async (next: { readonly connections: readonly Connection[]; readonly secrets: typeof secrets }): Promise<void> => {
    // Secrets first: a connection is never there without what it was saved with.
    await saveText(files.secrets, `${JSON.stringify({ formatVersion: 1, secrets: next.secrets }, null, 2)}\n`);
    await saveText(files.connections, `${JSON.stringify({ formatVersion: 1, connections: next.connections }, null, 2)}\n`);
    connections = [...next.connections];
    secrets = next.secrets;
    for (const listener of listeners) listener();
  };
  const view = (one: Connection, usedBy: readonly string[]): ConnectionView => ({
    ...one,
    secrets: Object.fromEntries(connectionSpecs[one.kind].secrets.map(({ name }) => [name, secrets[one.name]?.[name] !== undefined])),
    usedBy: [...usedBy],
  });
  const usage = async (): Promise<ReadonlyMap<string, readonly string[]>> => refersTo(await parts.library(), parts.specs);
  const opened = async (one: Connection): Promise<OpenConnection> => {
    const sealed = Object.entries(secrets[one.name] ?? {});
    const open = await Promise.all(sealed.map(async ([field, text]) => [field, await box.open(text, contextOf(one.name, field))] as const));
    return { ...one, settings: withDefaults({ params: connectionSpecs[one.kind].params }, one.settings), secrets: Object.fromEntries(open) };
  };
  /** A change as it would be open: for a test before it is saved. */
  const asTyped = async ({ previous, secrets: changed, name, kind, settings }: ConnectionChange): Promise<OpenConnection> => {
    const before = previous === null ? {} : (await opened(find(previous))).secrets;
    const merged = Object.entries({ ...before, ...changed }).flatMap(([field, text]) => (text === null ? [] : [[field, text] as const]));
    return { name, kind, settings: withDefaults({ params: connectionSpecs[kind].params }, settings), secrets: Object.fromEntries(merged) };
  };

  return {
    async list() {
      const users = await usage();
      return { connections: connections.map((one) => view(one, users.get(one.name) ?? [])), store: await box.state() };
    },
    save: (change) =>
      inTurn(async () => {
        const { previous, name, kind, settings } = change;
        if (previous !== null) find(previous);
        if (name !== previous && connections.some((one) => one.name === name)) throw new StudioError('conflict', `There is a connection called “${name}” already.`, { place: 'name', remedy: 'Choose another name.' });
        const known = new Set(connectionSpecs[kind].secrets.map((secret) => secret.name));
        const before = previous === null ? {} : (await opened(find(previous))).secrets;
        const next: Record<string, string> = {};
        for (const [field, text] of Object.entries({ ...before, ...change.secrets })) {
          if (!known.has(field)) throw new StudioError('invalid_input', `A connection of the kind ${kind} has no secret “${field}”.`, { place: field });
          if (text !== null && text !== '') next[field] = await box.seal(text, contextOf(name, field));
        }
        const saved: Connection = { name, kind, settings };
        const { [previous ?? name]: _gone, ...others } = secrets;
        const replaced = previous === null ? [...connections, saved] : connections.map((one) => (one.name === previous ? saved : one));
        await keep({ connections: replaced.toSorted((a, b) => a.name.localeCompare(b.name)), secrets: Object.keys(next).length === 0 ? others : { ...others, [name]: next } });
        return view(saved, (await usage()).get(name) ?? []);
      }),
    delete: (name) =>
      inTurn(async () => {
        find(name);
        const { [name]: _gone, ...others } = secrets;
        await keep({ connections: connections.filter((one) => one.name !== name), secrets: others });
      }),
    test: async (change) => parts.test(await asTyped(change), parts.settings.get().folder),
    open: async (name) => opened(find(name)),
    missing: async (workflow: Workflow) => missingIn(workflow, parts.specs, connections),
    allowPlainText: async () => box.state(),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
