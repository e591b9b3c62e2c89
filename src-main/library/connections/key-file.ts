import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { StudioError } from '#shared/errors';
import type { SecretBox } from '../../studio-types.ts';
import { fileError } from '../files.ts';

const CIPHER = 'aes-256-gcm';
/** Lengths in bytes, as NIST SP 800-38D recommends for GCM. */
const NONCE = 12;
const TAG = 16;
const KEY = 32;

/** Where the key comes from: the environment (`MILLRACE_KEY`, or a file named by `MILLRACE_KEY_FILE`), else a file that is made. */
export interface KeySource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; made with a random key, for its owner alone, when something is first sealed. */
  readonly file: string;
}

/** 32 bytes in Base64 or hex are the key itself; any other text is stretched to one (scrypt, N = 2^15). */
function keyOf(text: string): Buffer {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  const bytes = Buffer.from(trimmed, 'base64');
  if (bytes.length === KEY && /^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)) return bytes;
  if (trimmed.length < 12) throw new StudioError('permission', 'The key that seals secrets is shorter than twelve letters.', { place: 'MILLRACE_KEY', remedy: 'Set a longer one: `openssl rand -base64 32` makes one.' });
  return scryptSync(trimmed, 'millrace secrets', KEY, { N: 2 ** 15, maxmem: 64 * 1024 * 1024 });
}

function readKey(file: string, place: string): Buffer {
  try {
    return keyOf(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw thrown instanceof StudioError ? thrown : new StudioError('permission', 'The file with the key that seals secrets can’t be read.', { place, remedy: 'Put the file back, or correct its rights.', cause: fileError(thrown, file) });
  }
}

/** Seals with AES-256-GCM; what a secret belongs to is authenticated with it, so that none can be put in another's place. */
export function createKeyFileBox({ env, file }: KeySource): SecretBox {
  const given = env['MILLRACE_KEY'];
  const named = env['MILLRACE_KEY_FILE'];
  let key: Buffer | null = null;
  const load = (make: boolean): Buffer => {
    if (key !== null) return key;
    if (given !== undefined && given !== '') return (key = keyOf(given));
    if (named !== undefined && named !== '') return (key = readKey(named, named));
    if (!existsSync(file)) {
      if (!make) throw new StudioError('permission', 'The key that seals secrets is gone.', { place: file, remedy: 'Put the file back, or enter the secrets again.' });
      writeFileSync(file, `${randomBytes(KEY).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    }
    return (key = readKey(file, file));
  };
  return {
    async state() {
      try {
        if (given === undefined && named === undefined && !existsSync(file)) return { kind: 'keyFile', detail: file };
        load(false);
        return { kind: 'keyFile', detail: given === undefined ? (named ?? file) : 'MILLRACE_KEY' };
      } catch (thrown) {
        return { kind: 'broken', detail: thrown instanceof Error ? thrown.message : String(thrown) };
      }
    },
    async seal(text, context) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, load(true), nonce).setAAD(Buffer.from(context, 'utf8'));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    async open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv(CIPHER, load(false), bytes.subarray(0, NONCE), { authTagLength: TAG }).setAAD(Buffer.from(context, 'utf8')).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new StudioError('permission', 'The key does not open this secret.', { place: context, remedy: 'Use the key it was sealed with, or enter the secret again in Settings.', cause });
      }
    },
  };
}
