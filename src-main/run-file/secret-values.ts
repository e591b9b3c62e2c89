import type { Json } from '#shared/json';

/** What stands where a secret was. Shorter than any secret that is looked for, so that it never holds one. */
export const REDACTED = '•••';
/** A shorter value is hidden where it stands, but looked for nowhere else: half the file would be dots. */
const SHORTEST = 4;
/** A line of a key, or a number, must be so long to be looked for on its own. */
const SHORTEST_PART = 8;

/** Names of settings whose values nobody else should see, written without capitals, spaces, dashes, dots and the like. */
const SECRET_NAME =
  /passw(?:or)?[dt]|passphrase|passcode|kennwort|contrase[nñ]a|motdepasse|pwd$|secret|token|(?:api|access|account|private|signing|encryption|shared|license|ssh|master|storage|session)(?:access)?key|authorization|(?:basic|http|proxy)auth$|cookie|credential|connectionstring|bearer|signature$|sessionid$|^auth$|^jwt$|^dsn$|^sas$|密码|口令|密钥|令牌/u;
/** Short ones: only as a word of its own. */
const SECRET_WORD = /(?:(?:^|[^a-z])(?:pass|pw)|[a-z](?:Pass|Pw|PW))$/u;
/** Names about secrets, whose values are none: how many, how long, where. */
const NO_SECRET_NAME = /secretar(?:y|ies|iat)|tokeni[sz]|tokens?(?:count|limit|number|length|type|index|budget)|(?:max|min|num|number|total|count|used|input|output|prompt)(?:of|new)?tokens?$|(?:column|field|url|uri|endpoint|policy|length|expiry)s?$/u;
/** Of a column that holds a person's own rows, only the plainest. */
const SECRET_COLUMN = /(?:password|passwd|passwort|passphrase|passcode|secret|token|apikey|accesskey|privatekey|credentials?|密码)$/u;
const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/[\s._\-/:'"]/gu, '');

/** Does a setting of this name hold a secret? */
export function isSecretName(name: string): boolean {
  const bare = plain(name);
  return (SECRET_NAME.test(bare) && !NO_SECRET_NAME.test(bare)) || SECRET_WORD.test(name.trim());
}
/** Does a column of this name? */
export const isSecretColumn = (name: string): boolean => SECRET_COLUMN.test(plain(name));

/** Names before a value: these also as the end of a longer one (dbPassword, PGPASSWORD), the short ones as words of their own. */
const STRONG = 'pass(?:word|wd|phrase|code|wort)|secret|(?:api|access|private|secret|account|signing|encryption|shared|license|ssh)[_-]?key';
const NAMED = `${STRONG}|token|authorization|signature|credentials?|(?<![a-z])(?:pass|pwd?|sig)`;
/** A quoted text. */
const QUOTED = String.raw`"[^"\n]+"|'[^'\n]+'|\x60[^\x60\n]+\x60`;

/**
 * How secrets stand in any text: `secret` is what is hidden, `keep` stands before it and stays. Each begins where no other attempt at the
 * same characters has, or is bounded: a text of a million letters takes no longer than reading it.
 */
const PATTERNS: readonly RegExp[] = [
  // user:password@ in an address, and a token that stands alone there.
  /(?<keep>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/)(?<secret>[^\s/?#"'<>]+)(?=@)/giu,
  /(?<keep>\b(?:proxy-)?authorization["']?\s{0,9}[:=]\s{0,9}["']?(?:(?:basic|bearer|digest|token|negotiate|apikey)\s{1,9})?)(?<secret>[^\s"',;]+)/giu,
  /(?<keep>\bbearer\s{1,9})(?<secret>[\w\-.~+/]{4,}=*)/giu,
  /(?<keep>\b(?:set-)?cookie["']?\s{0,9}:\s{0,9}["']?)(?<secret>[^\r\n"']+)/giu,
  // name=value of connection texts and addresses, and "name": "value" of JSON within a text.
  new RegExp(String.raw`(?<keep>(?:${NAMED})=)(?<secret>"[^"]*"|'[^']*'|[^\s"'&;,)}]+)`, 'giu'),
  new RegExp(String.raw`(?<keep>(?:${NAMED})\\*["']\s{0,9}:\s{0,9}\\*["'])(?<secret>[^"'\\]+)`, 'giu'),
  // name = 'value' and name: 'value' of programs and SQL; --name value of commands; NAME 'value' of statements; name: value of headers.
  new RegExp(String.raw`(?<keep>(?:${NAMED})\s{0,3}(?::\s{0,3}\w{1,20}\s{0,3})?(?::=|=>|=|:)\s{0,3})(?<secret>${QUOTED})`, 'giu'),
  new RegExp(String.raw`(?<keep>--(?:[\w-]{0,30}-)?(?:${NAMED})\s{1,3})(?<secret>"[^"]*"|'[^']*'|[^\s"'-][^\s"']*)`, 'giu'),
  new RegExp(String.raw`(?<keep>(?:${STRONG}|key_id|identified by)\s{1,3})(?<secret>'[^'\n]+')`, 'giu'),
  new RegExp(String.raw`(?<keep>^\s{0,9}(?:[\w-]{0,30}-)?(?:${STRONG}|x-[\w-]{0,30}token|(?<![a-z])pwd?):\s{1,3})(?<secret>(?=\S*\d)[^\s"',;]{4,}$)`, 'gimu'),
  // Keys of well-known services and of certificates, whatever stands before them.
  /(?<keep>)(?<secret>(?<![\w-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abeoprs]-[\w-]{10,}|sk[-_](?:live|test|ant|proj)[-_][\w-]{10,}|AIza[\w-]{35}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*))/gu,
  /(?<keep>-----BEGIN (?:[A-Z]{1,20} ){0,4}PRIVATE KEY-----)(?<secret>(?:[^-]|-(?!----))+)/gu,
];

/** Nothing that `PATTERNS` look for is without one of these: most texts need no closer look. */
const HINT = /[=:]|bearer|pass|pwd|secret|key|token|identified by|--|AKIA|ASIA|gh[pousr]_|github_pat|glpat|xox|sk[-_]|eyJ|AIza/iu;

/** Calls `told` with every secret that a text shows by how it is written. */
export function writtenSecrets(text: string, told: (secret: string) => void): void {
  if (!HINT.test(text)) return;
  for (const pattern of PATTERNS) {
    for (const { groups } of text.matchAll(pattern)) {
      const secret = groups?.['secret'] ?? '';
      told(secret.replaceAll(/^["'\x60]|["'\x60]$/gu, ''));
      // Of user:password the password alone may stand elsewhere too.
      if (secret.includes(':')) told(secret.slice(secret.indexOf(':') + 1));
    }
  }
}

/** The text without what `writtenSecrets` finds in it. */
export const withoutWritten = (text: string): string => (HINT.test(text) ? PATTERNS.reduce((left, pattern) => left.replaceAll(pattern, `$<keep>${REDACTED}`), text) : text);

/** Words that stand under a secret's name without being one: half the file would be dots. */
const NO_SECRETS: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'none', 'undefined', 'basic', 'bearer', 'digest', 'string', 'text', 'password', 'passwd', 'passphrase', 'secret', 'token', 'cookie', 'authorization', 'credentials', 'apikey', 'api_key', 'private_key', 'signature',
]);

/** How a text may stand within other texts: in JSON, addresses and forms, SQL, CSV, HTML, and as Base64. */
function* formsOf(text: string): Generator<string> {
  yield JSON.stringify(text).slice(1, -1);
  yield text.replaceAll("'", "''");
  yield text.replaceAll('"', '""');
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  yield html;
  yield html.replaceAll('"', '&quot;');
  yield Buffer.from(text).toString('base64').replaceAll('=', '');
  yield Buffer.from(text).toString('base64url');
  try {
    const address = encodeURIComponent(text);
    yield address;
    yield address.replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase());
    yield new URLSearchParams({ text }).toString().slice('text='.length);
  } catch {
    // Half a sign can't stand in an address.
  }
}

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
    for (const form of formsOf(text)) found.add(form);
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
