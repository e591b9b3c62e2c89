import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that the studio has written or said, by a name that a person can find it by. */
export interface Said {
  readonly where: string;
  readonly bytes: Buffer;
}

export const said = (where: string, text: string): Said => ({ where, bytes: Buffer.from(text, 'utf8') });

/** Every file below a folder, hidden ones and those of SQLite too. */
export const filesBelow = (folder: string, where: string): readonly Said[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((one) => {
    if (!one.isFile()) return [];
    const path = join(one.parentPath, one.name);
    return [{ where: `${where} ${path.slice(folder.length + 1)}`, bytes: readFileSync(path) }];
  });

/** Ways in which a secret can stand in bytes. Made here by themselves: what the studio knows of forms is what is being tested. */
function formsOf(secret: string): readonly (readonly [name: string, text: string])[] {
  const bytes = Buffer.from(secret, 'utf8');
  const percent = encodeURIComponent(secret);
  // Whatever stands before it, the middle of its Base64 is one of three.
  const middles = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').slice(before === 0 ? 0 : 4, -4).replaceAll('=', ''));
  return [
    ['raw', secret],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['JSON twice', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['percent', percent],
    ['percent, small', percent.replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase())],
    ['form', new URLSearchParams({ x: secret }).toString().slice(2)],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...middles.map((text, at) => [`Base64 ${at}`, text] as const),
    ...middles.map((text, at) => [`Base64 for addresses ${at}`, text.replaceAll('+', '-').replaceAll('/', '_')] as const),
    // The first half is too much as well.
    ['half', secret.slice(0, Math.ceil(secret.length / 2))],
    ...(secret.includes('\n') ? secret.split('\n').filter((line) => line.length > 20 && !line.startsWith('---')).map((line, at) => [`line ${at}`, line] as const) : []),
  ];
}

/** Where which secret stands, and how. */
export function leaks(everything: readonly Said[], secrets: Readonly<Record<string, string>>): readonly { readonly where: string; readonly what: string }[] {
  const wanted = Object.entries(secrets).flatMap(([name, secret]) => formsOf(secret).map(([form, text]) => ({ what: `${name} (${form})`, utf8: Buffer.from(text, 'utf8'), utf16: Buffer.from(text, 'utf16le') })));
  return everything.flatMap(({ where, bytes }) => wanted.filter(({ utf8, utf16 }) => bytes.includes(utf8) || bytes.includes(utf16)).map(({ what }) => ({ where, what })));
}
