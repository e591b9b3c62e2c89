import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const isToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/**
 * The secret that every request must show: 256 random bits, made once and kept in the data folder so that only its owner can read
 * it. A link printed yesterday works today.
 */
export async function readOrMakeToken(dataDir: string, random: () => Buffer = () => randomBytes(32)): Promise<string> {
  const file = join(dataDir, 'server-token');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (isToken(kept)) {
    await chmod(file, 0o600);
    return kept;
  }
  const token = random().toString('base64url');
  await writeFile(file, token, { mode: 0o600 });
  await chmod(file, 0o600);
  return token;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in a time that says nothing about where they differ, nor about their lengths. */
export const sameToken = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token));
