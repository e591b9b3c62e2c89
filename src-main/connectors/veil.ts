import type { OpenConnection } from '#shared/connections/connection';

/** Stands where a secret stood. */
export const VEIL = '••••••';
/** Shorter texts are in too many words to be taken out of them. */
const SHORTEST = 4;

/** Takes secrets out of whatever a process says: error texts, console lines, rows that are shown. */
export interface Veil {
  add(connection: Pick<OpenConnection, 'secrets'>): void;
  /** The same value with every text in it veiled; the value itself where nothing is secret yet. */
  over<T>(value: T): T;
}

/** Secrets, and the forms in which servers and clients echo them: as they are, percent-encoded, in Base64, and in JSON. */
const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  return [secret, encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, ''), JSON.stringify(secret).slice(1, -1), ...secret.split('\n').filter((line) => line.trim().length >= 16)];
};

export function createVeil(): Veil {
  let forms: readonly string[] = [];
  const text = (value: string): string => {
    let veiled = value;
    for (const form of forms) if (veiled.includes(form)) veiled = veiled.replaceAll(form, VEIL);
    return veiled;
  };
  const over = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(over);
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), over(item)]));
  };
  return {
    add({ secrets }) {
      const all = new Set([...forms, ...Object.values(secrets).filter((secret) => secret.length >= SHORTEST).flatMap(formsOf)]);
      // The longest first: what is left of a longer one would tell its length, or its end.
      forms = [...all].filter((form) => form.length >= SHORTEST).toSorted((a, b) => b.length - a.length);
    },
    over: <T>(value: T): T => (forms.length === 0 ? value : (over(value) as T)),
  };
}
