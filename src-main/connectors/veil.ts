import type { OpenConnection } from '#shared/connections/connection';
import { formsOf } from './forms.ts';

/** Stands where a secret stood. */
export const VEIL = '••••••';
/** Shorter secrets are in too many words to be taken out of them: they are veiled only where they stand as a word of their own. */
const SHORTEST = 4;

/** Takes secrets out of whatever a process says: error texts, console lines, rows that are shown. */
export interface Veil {
  /** Every secret of a connection, and the logins that are made of them. */
  add(connection: Pick<OpenConnection, 'secrets' | 'settings'>): void;
  /** A further one: a token that was given for a secret. */
  hide(secret: string): void;
  text(value: string): string;
  /** The same with every text in it veiled, down into lists. */
  over<T extends readonly unknown[]>(list: T): T;
}

const word = (secret: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])${secret.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`)}(?![\p{L}\p{N}])`, 'gu');

/** What is written where a long text is cut. */
const CUT = /^(?:…|\.\.\.)/u;
/** A text that just ends in so many letters of a secret was cut there too. */
const SHORTEST_END = 8;

/** Where the text was cut inside a form, what is left of it is its beginning: that goes too. */
function withoutBeginning(text: string, form: string): string {
  const head = form.slice(0, SHORTEST);
  for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, at + 1)) {
    let end = at + SHORTEST;
    while (end < text.length && text[end] === form[end - at]) end += 1;
    if (CUT.test(text.slice(end, end + 3)) || (end === text.length && end - at >= SHORTEST_END)) return withoutBeginning(`${text.slice(0, at)}${VEIL}${text.slice(end)}`, form);
  }
  return text;
}

export function createVeil(): Veil {
  let forms: readonly string[] = [];
  let words: readonly RegExp[] = [];
  const known = new Set<string>();

  const text = (value: string): string => {
    let veiled = value;
    for (const form of forms) {
      if (veiled.length < SHORTEST) break;
      if (veiled.includes(form)) veiled = veiled.replaceAll(form, VEIL);
      if (veiled.includes(form.slice(0, SHORTEST))) veiled = withoutBeginning(veiled, form);
    }
    for (const one of words) veiled = veiled.replaceAll(one, VEIL);
    return veiled;
  };
  const item = (value: unknown): unknown => (typeof value === 'string' ? text(value) : Array.isArray(value) ? value.map(item) : value);
  const put = (secrets: readonly string[], users: readonly string[]): void => {
    const fresh = secrets.filter((secret) => secret !== '' && !known.has(secret));
    if (fresh.length === 0) return;
    for (const secret of fresh) known.add(secret);
    const all = new Set([...forms, ...fresh.flatMap((secret) => formsOf(secret, users))]);
    // The longest first: what is left of a longer one would tell its length, or its end.
    forms = [...all].filter((form) => form.length >= SHORTEST && !VEIL.includes(form)).toSorted((a, b) => b.length - a.length);
    words = [...known].filter((secret) => secret.trim() !== '' && secret.trim().length < SHORTEST).map((secret) => word(secret.trim()));
  };

  return {
    add: ({ secrets, settings }) => put(Object.values(secrets), [settings['user'], settings['clientId']].filter((value): value is string => typeof value === 'string')),
    hide: (secret) => put([secret], []),
    text: (value) => (known.size === 0 ? value : text(value)),
    over: <T extends readonly unknown[]>(list: T): T => (known.size === 0 ? list : (list.map(item) as unknown as T)),
  };
}

/** The veil of this process: a worker has one over all that it says. Connectors hide in it what they are given for a secret. */
export const workerVeil: Veil = createVeil();
