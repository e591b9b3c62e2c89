import { setImmediate as breathe } from 'node:timers/promises';
import type { Sample } from '#shared/data';
import type { Json } from '#shared/json';
import type { RunContent } from './format.ts';
import { createSecretValues, isSecretColumn, isSecretName, isSecretPair, namedSecrets, REDACTED, withoutWritten, writtenSecrets } from './secret-values.ts';
import { formWords } from './words.ts';

/** Ids, hashes and times are made by programs: a short secret that happens to be a part of one stays unseen there. */
const MADE = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]+Z)$/u;

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);

/** Characters of one pattern, and of a text that becomes a part of one: the engine takes none of a size that a person's texts could make. */
const MOST_IN_A_PATTERN = 200_000;
const LONGEST_IN_A_PATTERN = 1000;

/** The way to hide these texts, longest first, wherever they stand in another. */
function hiding(texts: readonly string[]): (text: string) => string {
  const long = texts.filter((one) => one.length > LONGEST_IN_A_PATTERN);
  const patterns: RegExp[] = [];
  let some: string[] = [];
  let size = 0;
  const put = (): void => {
    if (some.length > 0) patterns.push(new RegExp(some.join('|'), 'gu'));
    some = [];
    size = 0;
  };
  for (const one of texts.slice(long.length)) {
    some.push(escaped(one));
    size += one.length;
    if (size > MOST_IN_A_PATTERN) put();
  }
  put();
  return (text) => patterns.reduce((left, pattern) => left.replaceAll(pattern, REDACTED), long.reduce((left, one) => (left.length < one.length ? left : left.replaceAll(one, REDACTED)), text));
}

const isObject = (value: unknown): value is Readonly<Record<string, Json>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** That a cell is empty may be seen. */
const hiddenCell = (value: Json): Json => (value === null ? null : REDACTED);

function eachText(value: unknown, told: (text: string) => void): void {
  const open: unknown[] = [value];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one === 'string') told(one);
    else if (Array.isArray(one)) for (const item of one) open.push(item);
    else if (isObject(one)) {
      for (const [key, item] of Object.entries(one)) {
        told(key);
        open.push(item);
      }
    }
  }
}

const requested = (content: RunContent): Json => content.events.find((event) => event.type === 'WorkflowRequested')?.data['workflow'] ?? null;

/** Which cells of a table of rows stand in a column whose name says that it holds secrets. */
function secretCells(value: Readonly<Record<string, Json>>): ReadonlySet<number> {
  const columns = Array.isArray(value['columns']) && Array.isArray(value['rows']) ? (value['columns'] as readonly Json[]) : [];
  return new Set(columns.flatMap((column, at) => (isObject(column) && typeof column['name'] === 'string' && isSecretColumn(column['name']) ? [at] : [])));
}

/**
 * A run without its secrets: what stands in its workflow under a name that says so, what a text shows to be one by how it is written
 * (user:password@, Authorization, Bearer, password=), and each of these wherever else it stands: errors, console, rows, names of files.
 * A run may have many rows: others have their turn while they are looked through.
 */
export async function redacted(content: RunContent): Promise<RunContent> {
  const words = formWords();
  const secrets = createSecretValues(words);
  namedSecrets(requested(content), secrets.add);
  for await (const piece of piecesOf(content)) eachText(piece, (text) => writtenSecrets(text, secrets.add));
  const all = secrets.all();
  const found = new Set(all);
  const hidden = hiding(all);

  const text = (value: string): string => {
    if (words.has(value)) return value;
    if (MADE.test(value)) return found.has(value) ? REDACTED : value;
    return withoutWritten(hidden(value));
  };
  const table = (rows: readonly Json[], cells: ReadonlySet<number>): Json => rows.map((row) => (Array.isArray(row) ? (row as readonly Json[]).map((one, at) => (cells.has(at) ? hiddenCell(one) : walk(one, false, false))) : row));

  /** `named`: inside a workflow, whose names tell; `secret`: under such a name. */
  const walk = (value: Json, named: boolean, secret: boolean): Json => {
    if (typeof value === 'string') return secret ? REDACTED : text(value);
    if (typeof value === 'number') return secret ? REDACTED : value;
    if (Array.isArray(value)) return (value as readonly Json[]).map((one) => walk(one, named, secret));
    if (!isObject(value)) return value;
    const cells = secretCells(value);
    const pair = named && isSecretPair(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key === 'rows' && cells.size > 0 && Array.isArray(item)) return [key, table(item as readonly Json[], cells)];
        return [text(key), walk(item, named || key === 'workflow', secret || (named && isSecretName(key)) || (pair && key === 'value'))];
      }),
    );
  };
  const plain = <T extends Json>(value: T): T => walk(value, false, false) as T;
  const left: RunContent = { run: content.run, events: [], console: [], samples: {} };
  // A node may have any name: one of an object's own would be written into every object there is.
  const shown = new Map<string, Map<string, Sample>>();
  for await (const piece of piecesOf(content)) {
    left.events.push(...plain<RunContent['events']>(piece.events));
    left.console.push(...plain(piece.console));
    for (const [node, ports] of Object.entries(piece.samples)) {
      const those = shown.get(text(node)) ?? new Map<string, Sample>();
      shown.set(text(node), those);
      for (const [port, sample] of Object.entries(ports)) {
        const { columns, rows, partial } = plain(sample);
        const before = those.get(text(port));
        those.set(text(port), before === undefined ? { columns, rows, partial } : { ...before, rows: [...before.rows, ...rows] });
      }
    }
  }
  return { ...left, samples: Object.fromEntries([...shown].map(([node, those]) => [node, Object.fromEntries(those)])) };
}

/** Events, lines and rows looked at before others have their turn. */
const AT_ONCE = 250;

/** A run in pieces, each with something of it; samples with their columns again and again. */
async function* piecesOf({ run, events, console, samples }: RunContent): AsyncGenerator<RunContent> {
  const none: RunContent = { run, events: [], console: [], samples: {} };
  for (let at = 0; at < Math.max(events.length, console.length); at += AT_ONCE) {
    yield { ...none, events: events.slice(at, at + AT_ONCE), console: console.slice(at, at + AT_ONCE) };
    await breathe();
  }
  for (const [node, ports] of Object.entries(samples)) {
    for (const [port, sample] of Object.entries(ports)) {
      for (let at = 0; at === 0 || at < sample.rows.length; at += AT_ONCE) {
        yield { ...none, samples: { [node]: { [port]: { ...sample, rows: sample.rows.slice(at, at + AT_ONCE) } } } };
        await breathe();
      }
    }
  }
}
