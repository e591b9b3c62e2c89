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

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
const word = (secret: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped(secret)}(?![\p{L}\p{N}])`, 'gu');

/** What is written where a long text is cut. */
const CUT = /^(?:…|\.\.\.)/u;
const CUT_BEFORE = /(?:…|\.\.\.)$/u;
/** So many letters of a secret are too many, wherever they stand; of a longer one it is two fifths. */
const SHORTEST_PART = 8;
const isTooMuch = (part: number, form: string): boolean => part >= Math.max(SHORTEST_PART, form.length * 0.4);

/** Where a text was cut or changed inside a form, its beginning is left: that goes too. */
function withoutBeginning(text: string, form: string): string {
  const head = form.slice(0, SHORTEST);
  for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, at + 1)) {
    let end = at + SHORTEST;
    while (end < text.length && text[end] === form[end - at]) end += 1;
    const isCut = CUT.test(text.slice(end, end + 3)) || (end === text.length && end - at >= SHORTEST_PART);
    if (isCut || isTooMuch(end - at, form)) return withoutBeginning(`${text.slice(0, at)}${VEIL}${text.slice(end)}`, form);
  }
  return text;
}

/** And its end, where the beginning is not there. */
function withoutEnd(text: string, form: string): string {
  const tail = form.slice(-SHORTEST);
  for (let at = text.indexOf(tail); at !== -1; at = text.indexOf(tail, at + 1)) {
    const end = at + SHORTEST;
    let start = at;
    while (start > 0 && text[start - 1] === form[form.length - (end - start) - 1]) start -= 1;
    const isCut = CUT_BEFORE.test(text.slice(Math.max(0, start - 3), start)) || (start === 0 && end - start >= SHORTEST_PART);
    if (isCut || isTooMuch(end - start, form)) return withoutEnd(`${text.slice(0, start)}${VEIL}${text.slice(end)}`, form);
  }
  return text;
}

export function createVeil(): Veil {
  let forms: readonly string[] = [];
  let words: readonly RegExp[] = [];
  /** What every form begins or ends with: most texts hold none of these, and need no closer look. */
  let hint: RegExp | null = null;
  const known = new Set<string>();

  const text = (value: string): string => {
    let veiled = value;
    if (hint?.test(value) === true) {
      for (const form of forms) if (veiled.includes(form)) veiled = veiled.replaceAll(form, VEIL);
      for (const form of forms) veiled = withoutEnd(withoutBeginning(veiled, form), form);
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
    hint = forms.length === 0 ? null : new RegExp([...new Set(forms.flatMap((form) => [form.slice(0, SHORTEST), form.slice(-SHORTEST)]))].map(escaped).join('|'));
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
