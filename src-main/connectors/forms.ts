/** A line of a key must be so long to be looked for on its own. */
const SHORTEST_LINE = 8;
/** Fewer signs of a secret's Base64 are in too many other texts. */
const SHORTEST_PIECE = 4;

const base64 = (bytes: Buffer): readonly string[] => {
  const padded = bytes.toString('base64');
  return [padded, padded.replaceAll('=', ''), bytes.toString('base64url')];
};

/** What of a secret's Base64 stays the same whatever stands before and after it: "user:password" of a login is one text, and its half is in there. */
function pieces(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const piece = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return piece.length < SHORTEST_PIECE ? [] : [piece, piece.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function inAddresses(text: string): readonly string[] {
  const percent = encodeURIComponent(text.toWellFormed());
  const strict = percent.replaceAll(/[!'()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ text }).toString().slice('text='.length);
  return [percent, strict, form, encodeURI(text.toWellFormed())].flatMap((one) => [one, one.replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase())]);
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const ascii = (text: string): string => text.replaceAll(/[\u0080-\uffff]/gu, (sign) => [...Array(sign.length).keys()].map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''));
const inHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Of a text of several lines each line, and all of them as one: keys are shown by the line, and their bodies without line ends. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/u).map((line) => line.trim()).filter((line) => !line.startsWith('-----'));
  return lines.length < 2 ? [] : [...lines.filter((line) => line.length >= SHORTEST_LINE), lines.join('')];
}

/**
 * A secret in all the forms in which servers and clients say it: as it is, escaped for JSON, addresses, SQL and HTML, in hex, and in Base64
 * wherever it stands in what was encoded; with a `user`, as the two go together in a login.
 */
export function formsOf(secret: string, users: readonly string[] = []): readonly string[] {
  return [secret, secret.trim(), ...linesOf(secret)].flatMap((text) => {
    const bytes = Buffer.from(text, 'utf8');
    const logins = users.flatMap((user) => [`${user}:${text}`, `\0${user}\0${text}`].flatMap((login) => base64(Buffer.from(login, 'utf8'))));
    const encoded = [bytes, ...(bytes.length === text.length ? [] : [Buffer.from(text, 'latin1')])].flatMap((one) => [...base64(one), ...pieces(one), one.toString('hex'), one.toString('hex').toUpperCase()]);
    const json = inJson(text);
    const escaped = [json, inJson(json), ascii(json), text.replaceAll("'", "''"), text.replaceAll('"', '""'), text.replaceAll("'", String.raw`\'`), inHtml(text), inHtml(text).replaceAll('"', '&quot;').replaceAll("'", '&#39;')];
    return [text, ...logins, ...encoded, ...escaped, ...inAddresses(text)];
  });
}
