import type { Connection, OpenConnection, SecretField, TestReport } from '#shared/connections/connection';
import { checkSettings } from '#shared/connections/check-settings';
import { connectionSpecs } from '#shared/connections/kinds';
import type { ConnectionView, SecretStore } from '#shared/contract/connections';
import { StudioError, toErrorInfo } from '#shared/errors';
import type { JsonObject } from '#shared/json';
import type { NodeSpec } from '#shared/node-spec';
import { withDefaults } from '#shared/workflow/defaults';
import type { ConnectionChange, Connections, Executor, Library, SecretBox } from '../../studio-types.ts';
import { openBook } from './book.ts';
import type { Kept, Secrets } from './book.ts';
import { createUsage, missingIn } from './missing.ts';
import { readSealed } from './sealed.ts';

export interface ConnectionsParts {
  /** connections.json and secrets.json: absolute. */
  readonly files: { readonly connections: string; readonly secrets: string };
  readonly box: SecretBox;
  readonly specs: readonly NodeSpec[];
  /** Where relative paths of a test start: absolute. */
  readonly folder: () => string;
  readonly test: Executor['test'];
  /** Whose workflows may refer to connections; null where nobody asks. */
  readonly library: (() => Promise<Library>) | null;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const contextOf = (name: string, field: string): string => `${name}/${field}`;
const filled = (one: Pick<Connection, 'kind' | 'settings'>): JsonObject => withDefaults({ params: connectionSpecs[one.kind].params }, one.settings);

/** Secrets that the settings ask for; one that they don't is left where it is. */
const askedFor = (kind: Connection['kind'], settings: JsonObject): readonly SecretField[] =>
  connectionSpecs[kind].secrets.filter(({ visibleWhen }) => visibleWhen === undefined || visibleWhen.equals.some((value) => value === settings[visibleWhen.param]));

/** Throws invalid_input that names the first field that is wrong, all of them in its detail. */
function refuseSettings(change: Pick<ConnectionChange, 'kind' | 'settings' | 'secrets'>): void {
  const [first, ...others] = checkSettings(change).filter((one) => one.severity === 'error');
  if (first !== undefined) {
    const detail = [first, ...others].map((one) => `${one.field ?? ''}: ${one.message}`).join('\n');
    throw new StudioError('invalid_input', first.message, { place: first.field ?? 'settings', ...(first.remedy === undefined ? {} : { remedy: first.remedy }), detail });
  }
  const { kind } = change;
  const unknown = Object.keys(change.secrets).find((field) => !connectionSpecs[kind].secrets.some(({ name }) => name === field));
  if (unknown !== undefined) throw new StudioError('invalid_input', `A connection of the kind ${kind} has no secret “${unknown}”.`, { place: unknown, remedy: `It has: ${connectionSpecs[kind].secrets.map(({ name }) => name).join(', ') || 'none'}.` });
}

const failedTest = (thrown: unknown, steps: TestReport['steps']): TestReport => ({ ok: false, steps, server: null, durationMs: 0, error: toErrorInfo(thrown) });

function find({ connections, damage }: Kept, name: string): Connection {
  const found = connections.find((one) => one.name === name);
  if (found !== undefined) return found;
  const [why] = damage;
  throw new StudioError('not_found', `There is no connection called “${name}”.`, { place: name, remedy: why ?? 'Set it up under Settings › Connections.' });
}

/** The person's connections: what is not secret in one file, the sealed secrets in another; only their owner can read either. */
export function openConnections(parts: ConnectionsParts): Connections {
  const { box, specs } = parts;
  const book = openBook(parts.files, parts.clock);
  const usage = parts.library === null ? async () => new Map<string, readonly string[]>() : createUsage(parts.library, specs);
  /** Sealed texts that have opened before: looking at the list costs nothing then. */
  const sound = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  /** One that should be sealed again is, as soon as nobody writes. */
  const openOne = async (name: string, field: string, sealed: string): Promise<string> => {
    const { text, stale } = await box.open(sealed, contextOf(name, field));
    sound.add(`${contextOf(name, field)} ${sealed}`);
    if (stale) inTurn(() => sealAgain(name, field, sealed, text)).catch(() => undefined);
    return text;
  };
  async function sealAgain(name: string, field: string, sealed: string, text: string): Promise<void> {
    const { connections, secrets } = await book.read();
    if (secrets[name]?.[field] !== sealed) return;
    await book.write({ connections, secrets: { ...secrets, [name]: { ...secrets[name], [field]: await box.seal(text, contextOf(name, field)) } } });
  }
  const unopenedOf = async (one: Connection, sealed: Secrets[string]): Promise<readonly string[]> => {
    const fields: string[] = [];
    for (const { name: field } of connectionSpecs[one.kind].secrets) {
      const text = sealed[field];
      if (text === undefined || sound.has(`${contextOf(one.name, field)} ${text}`)) continue;
      await openOne(one.name, field, text).catch(() => fields.push(field));
    }
    return fields;
  };
  const viewOf = async (one: Connection, secrets: Secrets, usedBy: readonly string[]): Promise<ConnectionView> => {
    const spec = connectionSpecs[one.kind];
    const sealed = secrets[one.name] ?? {};
    const names = new Set(spec.secrets.map(({ name }) => name));
    return {
      ...one,
      // Whoever has written a secret among the settings by hand does not see it go to the window.
      settings: Object.fromEntries(Object.entries(one.settings).filter(([name]) => !names.has(name))),
      secrets: Object.fromEntries([...names].map((name) => [name, sealed[name] !== undefined])),
      unopened: [...(await unopenedOf(one, sealed))],
      usedBy: [...usedBy],
    };
  };
  const storeOf = async (views: readonly ConnectionView[], damage: readonly string[]): Promise<SecretStore> => {
    const state = await box.state();
    const shut = views.filter((one) => (one.unopened ?? []).length > 0).map((one) => `“${one.name}”`);
    const said = [...damage, ...(shut.length === 0 ? [] : [`The secrets of ${shut.join(', ')} can’t be opened here: enter them again, or use the key they were sealed with.`])];
    if (said.length === 0) return state;
    const works = state.kind === 'keyFile' || state.kind === 'system';
    return { kind: works ? 'broken' : state.kind, detail: [...(works ? [] : [state.detail]), ...said].join(' ') };
  };
  /** The secrets that the settings ask for, opened; `typed` ones stand in for those that are kept. */
  const opened = async (one: Connection, kept: { readonly name: string; readonly sealed: Secrets[string] }, typed: ConnectionChange['secrets'] = {}): Promise<OpenConnection> => {
    const settings = filled(one);
    const secrets: Record<string, string> = {};
    for (const { name: field } of askedFor(one.kind, settings)) {
      const sealed = kept.sealed[field];
      const text = typed[field] !== undefined ? typed[field] : sealed === undefined ? null : await openOne(kept.name, field, sealed);
      if (text !== null && text !== '') secrets[field] = text;
    }
    return { name: one.name, kind: one.kind, settings, secrets };
  };
  /** What a changed connection's secrets are to be, sealed; those that nobody touched stay as they rest, but under a new name. */
  async function sealedFor({ previous, name, kind, secrets: typed }: ConnectionChange, before: Secrets[string]): Promise<Secrets[string]> {
    const next: Record<string, string> = {};
    for (const { name: field } of connectionSpecs[kind].secrets) {
      const text = typed[field];
      const sealed = before[field];
      if (typeof text === 'string' && text !== '') next[field] = await box.seal(text, contextOf(name, field));
      else if (text === undefined && sealed !== undefined) next[field] = previous === null || name === previous ? sealed : await sealedAnew(previous, name, field, sealed);
    }
    return next;
  }
  async function sealedAnew(previous: string, name: string, field: string, sealed: string): Promise<string> {
    let text: string;
    try {
      text = await openOne(previous, field, sealed);
    } catch (thrown) {
      const { message } = toErrorInfo(thrown);
      throw new StudioError('permission', `What is kept as “${field}” can’t go along to the new name. ${message}`, { place: field, remedy: 'Enter it again, or leave the name as it is.', cause: thrown });
    }
    return box.seal(text, contextOf(name, field));
  }

  return {
    all: async () => (await book.read()).connections,
    async list() {
      const { connections, secrets, damage } = await book.read();
      const users = await usage();
      const views: ConnectionView[] = [];
      for (const one of connections) views.push(await viewOf(one, secrets, users.get(one.name) ?? []));
      return { connections: views, store: await storeOf(views, damage) };
    },
    save: (change) =>
      inTurn(async () => {
        const { previous, name, kind, settings } = change;
        const kept = await book.read();
        if (previous !== null) find(kept, previous);
        if (name !== previous && kept.connections.some((one) => one.name === name)) throw new StudioError('conflict', `There is a connection called “${name}” already.`, { place: 'name', remedy: 'Choose another name.' });
        refuseSettings(change);
        const sealed = await sealedFor(change, previous === null ? {} : (kept.secrets[previous] ?? {}));
        const saved: Connection = { name, kind, settings };
        const others = Object.fromEntries(Object.entries(kept.secrets).filter(([of]) => of !== previous && of !== name));
        const secrets = Object.keys(sealed).length === 0 ? others : { ...others, [name]: sealed };
        const connections = [...kept.connections.filter((one) => one.name !== previous), saved].toSorted((a, b) => a.name.localeCompare(b.name));
        await book.write({ connections, secrets });
        return viewOf(saved, secrets, (await usage()).get(name) ?? []);
      }),
    delete: (name) =>
      inTurn(async () => {
        const kept = await book.read();
        find(kept, name);
        await book.write({ connections: kept.connections.filter((one) => one.name !== name), secrets: Object.fromEntries(Object.entries(kept.secrets).filter(([of]) => of !== name)) });
      }),
    async test(change) {
      const kept = await book.read();
      const { previous } = change;
      if (previous !== null) find(kept, previous);
      let typed: OpenConnection;
      try {
        refuseSettings(change);
        typed = await opened(change, { name: previous ?? change.name, sealed: previous === null ? {} : (kept.secrets[previous] ?? {}) }, change.secrets);
      } catch (thrown) {
        return failedTest(thrown, [{ step: 'settings', ok: false, detail: toErrorInfo(thrown).message }]);
      }
      return parts.test(typed, parts.folder()).catch((thrown: unknown) => failedTest(thrown, []));
    },
    async open(name) {
      const kept = await book.read();
      return opened(find(kept, name), { name, sealed: kept.secrets[name] ?? {} });
    },
    missing: async (workflow) => missingIn(workflow, specs, (await book.read()).connections),
    allowPlainText: (allow) =>
      inTurn(async () => {
        if (!allow) {
          const { connections, secrets } = await book.read();
          const left = Object.fromEntries(Object.entries(secrets).map(([name, fields]) => [name, Object.fromEntries(Object.entries(fields).filter(([, text]) => readSealed(text)?.maker !== 'plain'))]));
          if (JSON.stringify(left) !== JSON.stringify(secrets)) await book.write({ connections, secrets: left });
        }
        await box.allowPlainText(allow);
        return box.state();
      }),
  };
}
