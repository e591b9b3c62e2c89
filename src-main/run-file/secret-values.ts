import type { Json } from '#shared/json';

/** What stands where a secret was. Shorter than any secret that is looked for, so that it never holds one. */
export const REDACTED = '•••';
/** A shorter value is hidden where it stands, but looked for nowhere else: half the file would be dots. */
const SHORTEST = 4;
/** A line of a key, or a number, must be so long to be looked for on its own. */
const SHORTEST_PART = 8;

/** Names of settings whose values nobody else should see, written without capitals, spaces, dashes, dots and underscores. */
const SECRET_NAME = /passw(?:or)?d|passphrase|pwd$|secret|token|api(?:access)?key|accesskey|privatekey|encryptionkey|authorization|cookie|credential|connectionstring|bearer|signature$|^auth$|^jwt$|^dsn$/u;
/** Of a column that holds a person's own rows, only the plainest. */
const SECRET_COLUMN = /(?:password|passwd|passphrase|secret|token|apikey|privatekey|credentials?)$/u;
const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s._-]/gu, '');

/** Does a setting of this name hold a secret? */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(plain(name));
/** Does a column of this name? */
export const isSecretColumn = (name: string): boolean => SECRET_COLUMN.test(plain(name));

const NAMED = 'pass(?:word|wd|phrase)|pwd|(?:client[_-]?)?secret|(?:access|auth|refresh|id|api|session)?[_-]?token|(?:api|access|private|secret|account)[_-]?key|authorization|sig|signature';

/** How secrets stand in any text: `secret` is what is hidden, `keep` stands before it and stays. */
const PATTERNS: readonly RegExp[] = [
  // user:password@ in an address, and a token that stands alone there.
  /(?<keep>[a-z][a-z0-9+.-]*:\/\/)(?<secret>[^\s/?#"'<>]+)(?=@)/giu,
  /(?<keep>\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer|digest|token|negotiate|apikey)\s+)?)(?<secret>[^\s"',;]+)/giu,
  /(?<keep>\bbearer\s+)(?<secret>[\w\-.~+/]{4,}=*)/giu,
  /(?<keep>\b(?:set-)?cookie["']?\s*:\s*["']?)(?<secret>[^\r\n"']+)/giu,
  // name=value of connection texts and addresses, and "name": "value" of JSON within a text.
  new RegExp(String.raw`(?<keep>(?<![a-z])(?:${NAMED})=)(?<secret>"[^"]*"|'[^']*'|[^\s"'&;,)}]+)`, 'giu'),
  new RegExp(String.raw`(?<keep>\\*["'](?:${NAMED})\\*["']\s*:\s*\\*["'])(?<secret>[^"'\\]+)`, 'giu'),
];

/** Nothing that `PATTERNS` look for is without one of these: most texts need no closer look. */
const HINT = /[=:]|bearer/iu;

/** Calls `told` with every secret that a text shows by how it is written. */
export function writtenSecrets(text: string, told: (secret: string) => void): void {
  if (!HINT.test(text)) return;
  for (const pattern of PATTERNS) {
    for (const { groups } of text.matchAll(pattern)) {
      const secret = groups?.['secret'] ?? '';
      told(secret.replaceAll(/^["']|["']$/gu, ''));
      // Of user:password the password alone may stand elsewhere too.
      if (secret.includes(':')) told(secret.slice(secret.indexOf(':') + 1));
    }
  }
}

/** The text without what `writtenSecrets` finds in it. */
export const withoutWritten = (text: string): string => (HINT.test(text) ? PATTERNS.reduce((left, pattern) => left.replaceAll(pattern, `$<keep>${REDACTED}`), text) : text);

/** Words that stand under a secret's name without being one. */
const NO_SECRETS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'none', 'undefined', 'basic', 'bearer', 'digest']);

/** What was found: texts to be hidden wherever they stand. */
export interface SecretValues {
  readonly add: (text: string) => void;
  /** Longest first. */
  all(): readonly string[];
}

/** `known`: words of the file's own form, which are no secrets. */
export function createSecretValues(known: ReadonlySet<string>): SecretValues {
  const found = new Set<string>();
  const one = (text: string, shortest: number): void => {
    if (text.length < shortest || text.includes(REDACTED) || NO_SECRETS.has(text.toLowerCase()) || known.has(text)) return;
    found.add(text);
    // As it stands in JSON within a text, and in an address.
    found.add(JSON.stringify(text).slice(1, -1));
    try {
      found.add(encodeURIComponent(text));
    } catch {
      // Half a sign can't stand in an address.
    }
  };
  return {
    add(text) {
      one(text, SHORTEST);
      const trimmed = text.trim();
      one(trimmed, SHORTEST);
      for (const line of trimmed.split(/\r?\n/u)) one(line.trim(), SHORTEST_PART);
      for (const part of trimmed.split(/\s+/u)) one(part, SHORTEST_PART);
      // Decoded: an address holds it in another writing than what it opens says.
      try {
        one(decodeURIComponent(trimmed), SHORTEST);
      } catch {
        // It was not written so.
      }
    },
    all: () => [...found].toSorted((a, b) => b.length - a.length),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, Json>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Calls `told` with every secret that stands in a workflow under a name that says so: also as {name, value}. */
export function namedSecrets(value: Json, told: (text: string) => void): void {
  const open: { readonly value: Json; readonly secret: boolean }[] = [{ value, secret: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: one, secret } = next;
    if (typeof one === 'string') {
      if (secret) told(one);
    } else if (typeof one === 'number') {
      if (secret && String(one).length >= SHORTEST_PART) told(String(one));
    } else if (Array.isArray(one)) for (const item of one as readonly Json[]) open.push({ value: item, secret });
    else if (isObject(one)) {
      const pair = isSecretPair(one);
      for (const [key, item] of Object.entries(one)) open.push({ value: item, secret: secret || isSecretName(key) || (pair && key === 'value') });
    }
  }
}

/** `{ name: 'Authorization', value: … }`, as lists of headers are written. */
export function isSecretPair(value: Readonly<Record<string, Json>>): boolean {
  return Object.hasOwn(value, 'value') && ['name', 'key', 'header'].some((key) => typeof value[key] === 'string' && isSecretName(value[key]));
}
