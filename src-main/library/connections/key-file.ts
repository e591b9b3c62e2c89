import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { errorSentence, StudioError, toErrorInfo } from '#shared/errors';
import type { SecretBox } from '../../studio-types.ts';
import { readText, saveText } from '../files.ts';
import { notMine, readSealed, sealedText } from './sealed.ts';

const CIPHER = 'aes-256-gcm';
/** Lengths in bytes, as NIST SP 800-38D recommends for GCM. */
const NONCE = 12;
const TAG = 16;
const KEY = 32;
/** Shorter texts could be guessed. */
const SHORTEST = 12;

/** Where the key comes from: the environment (`MILLRACE_KEY`, or a file named by `MILLRACE_KEY_FILE`), else a file that is made. */
export interface KeySource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; made with a random key, for its owner alone, when something is first sealed. */
  readonly file: string;
}

/** `mark` tells keys apart without telling anything of them: what it sealed says so, and another key can say that it is another. */
interface Key {
  readonly bytes: Buffer;
  readonly mark: string;
}

/** 32 bytes in Base64 or hex are the key itself; any other text is stretched to one (scrypt, N = 2^15). Throws permission for one that is too short. */
function keyOf(text: string, place: string): Key {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/iu.test(trimmed) ? Buffer.from(trimmed, 'hex') : /^[A-Za-z0-9+/_-]{43}=?$/u.test(trimmed) ? Buffer.from(trimmed, 'base64') : stretched(trimmed, place);
  return { bytes, mark: createHash('sha256').update('millrace key mark').update(bytes).digest('hex').slice(0, 8) };
}

function stretched(text: string, place: string): Buffer {
  if (text.length < SHORTEST) throw new StudioError('permission', `The key that seals secrets is ${text === '' ? 'empty' : 'shorter than twelve letters'}.`, { place, remedy: 'Put the right one back, or set a longer one: `openssl rand -base64 32` makes one.' });
  return scryptSync(text, 'millrace secrets', KEY, { N: 2 ** 15, maxmem: 64 * 1024 * 1024 });
}

const isSet = (text: string | undefined): text is string => text !== undefined && text !== '';

/** Seals with AES-256-GCM; what a secret belongs to is authenticated with it, so that none can be put in another's place. */
export function createKeyFileBox({ env, file }: KeySource): SecretBox {
  const given = env['MILLRACE_KEY'];
  const named = env['MILLRACE_KEY_FILE'];
  const place = isSet(given) ? 'MILLRACE_KEY' : isSet(named) ? named : file;
  let kept: Key | null = null;
  let making: Promise<Key> | null = null;

  const textOf = async (): Promise<string | null> => {
    if (isSet(given)) return given;
    try {
      return await readText(place);
    } catch (cause) {
      if (place === file && toErrorInfo(cause).code === 'not_found') return null;
      throw new StudioError('permission', 'The file with the key that seals secrets can’t be read.', { place, remedy: 'Put the file back, or correct its rights.', cause });
    }
  };
  /** Null where no key has been made yet. Read once; what could not be read is looked at again the next time. */
  const find = async (): Promise<Key | null> => {
    if (kept !== null) return kept;
    const text = await textOf();
    return text === null ? null : (kept = keyOf(text, place));
  };
  const make = async (): Promise<Key> => {
    await saveText(file, `${randomBytes(KEY).toString('base64')}\n`, 0o600);
    kept = keyOf(await readText(file), file);
    return kept;
  };
  const findOrMake = async (): Promise<Key> => (await find()) ?? (making ??= make().finally(() => (making = null)));

  return {
    async state() {
      try {
        await find();
        return { kind: 'keyFile', detail: place };
      } catch (thrown) {
        return { kind: 'broken', detail: errorSentence(toErrorInfo(thrown)) };
      }
    },
    async seal(text, context) {
      const { bytes, mark } = await findOrMake();
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, bytes, nonce, { authTagLength: TAG }).setAAD(Buffer.from(context, 'utf8'));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return sealedText({ maker: 'keyFile', body: `${mark}:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')}` });
    },
    async open(sealed, context) {
      const read = readSealed(sealed);
      // What anybody can read needs no key: the window's host has been allowed to leave it so.
      if (read?.maker === 'plain') return { text: read.body, stale: false };
      if (read?.maker !== 'keyFile') throw notMine(sealed, context);
      const key = await find();
      if (key === null) throw new StudioError('permission', 'The key that seals secrets is gone.', { place: file, remedy: 'Put the file back, set MILLRACE_KEY to the key, or enter the secret again.' });
      const [mark, text = ''] = read.body.split(':');
      if (mark !== key.mark) throw new StudioError('permission', 'This secret was sealed with another key.', { place: context, remedy: `The key in use is that of ${place}. Use the other one again, or enter the secret again.` });
      try {
        const bytes = Buffer.from(text, 'base64');
        const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, NONCE), { authTagLength: TAG }).setAAD(Buffer.from(context, 'utf8')).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return { text: Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8'), stale: false };
      } catch (cause) {
        throw new StudioError('permission', 'This secret is damaged, or was put in another’s place: its key does not open it.', { place: context, remedy: 'Enter the secret again.', cause });
      }
    },
    async allowPlainText() {
      // It can always seal.
    },
  };
}
