import { expect, test } from 'vitest';
import { createVeil, VEIL } from './veil.ts';

const SECRET = 'pä$$ w0rd/&"\'<x>+z';
const over = (secret: string, settings: Record<string, string> = {}) => {
  const veil = createVeil();
  veil.add({ secrets: { password: secret }, settings });
  return veil;
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each<readonly [string, (secret: string) => string]>([
  ['as it is', (secret) => secret],
  ['in JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['in JSON within JSON', (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
  ['in an address', encodeURIComponent],
  ['in an address, in small letters', (secret) => encodeURIComponent(secret).replaceAll(/%../gu, (code) => code.toLowerCase())],
  ['in a form', (secret) => new URLSearchParams({ p: secret }).toString().slice(2)],
  ['in hex', (secret) => Buffer.from(secret).toString('hex')],
  ['in Base64', base64],
  ['in Base64 for addresses', (secret) => Buffer.from(secret).toString('base64url')],
  ['in Base64 of another letter set', (secret) => Buffer.from(secret, 'latin1').toString('base64')],
  ['in SQL', (secret) => secret.replaceAll("'", "''")],
  ['in HTML', (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')],
])('a secret %s is taken out of a text', (_how, form) => {
  expect(over(SECRET).text(`before ${form(SECRET)} after`)).toBe(`before ${VEIL} after`);
});

test('in the login of a known user it goes with the user', () => {
  expect(over('open sesame', { user: 'reader' }).text(`Authorization: Basic ${base64('reader:open sesame')}`)).toBe(`Authorization: Basic ${VEIL}`);
});

test.each(['', 'a', 'ab', 'abc', 'somebody else:', '\0user\0', '{"login":{"password":"'])('in the Base64 of a longer text, after “%s”, nothing of it is left', (before) => {
  const secret = 'open sesame';
  const said = over(secret).text(base64(`${before}${secret} and more`));
  expect(said).toContain(VEIL);
  // What is left of each end is less than a letter: the rest decodes to nothing of the secret.
  for (const part of said.split(VEIL)) expect(Buffer.from(part, 'base64').toString('latin1')).not.toMatch(/open|sesam/u);
});

test('of a key of several lines each line goes, and its body without line ends', () => {
  const body = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', 'BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj', 'MzEfYyjiWA4R4'];
  const veil = over(`-----BEGIN PRIVATE KEY-----\n${body.join('\n')}\n-----END PRIVATE KEY-----\n`);
  for (const line of body) expect(veil.text(`bad key near ${line}`)).toBe(`bad key near ${VEIL}`);
  expect(veil.text(`{${body.join('')}}`)).toBe(`{${VEIL}}`);
  expect(veil.text('-----BEGIN PRIVATE KEY----- is missing')).toBe('-----BEGIN PRIVATE KEY----- is missing');
});

test('where a text was cut inside a secret, its beginning goes too', () => {
  const veil = over('correct horse battery');
  expect(veil.text('login with correct ho…  failed')).toBe(`login with ${VEIL}…  failed`);
  expect(veil.text('login with correct ho... failed')).toBe(`login with ${VEIL}... failed`);
  expect(veil.text('login with correct horse b')).toBe(`login with ${VEIL}`);
  expect(veil.text('login with …battery')).toBe(`login with …${VEIL}`);
  expect(veil.text('the password is correct')).toBe('the password is correct');
});

test('where a server has changed a secret, what is left of its halves goes', () => {
  const veil = over('d0a5f2-a1b2 wörd c81e77b3f');
  expect(veil.text('got "d0a5f2-a1b2 w?rd c81e77b3f"')).toBe(`got "${VEIL}?${VEIL}"`);
  expect(veil.text('no word of it')).toBe('no word of it');
});

test('a secret of one to three letters goes where it stands as a word of its own', () => {
  const veil = over('abc');
  expect(veil.text('password "abc" is wrong; the alphabet begins abcd')).toBe(`password "${VEIL}" is wrong; the alphabet begins abcd`);
  expect(over(' ').text('a b')).toBe('a b');
  expect(over('').text('a b')).toBe('a b');
});

test('the longer secret goes first, and what is given for one can be hidden as well', () => {
  const veil = createVeil();
  veil.add({ secrets: { a: 'open', b: 'open sesame' }, settings: {} });
  veil.hide('token-for-an-hour');
  expect(veil.text('open sesame, open, token-for-an-hour')).toBe(`${VEIL}, ${VEIL}, ${VEIL}`);
  expect(veil.over([['open', null, 3], 'sesame open'])).toEqual([[VEIL, null, 3], `sesame ${VEIL}`]);
});
