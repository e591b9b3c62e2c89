import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { SafeStorage } from 'electron';
import { StudioError } from '#shared/errors';
import { saveText } from '../../library/files.ts';
import { notMine, readSealed, sealedText } from '../../library/connections/sealed.ts';
import type { SecretBox } from '../../studio-types.ts';

type Storage = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'>;
type Backend = ReturnType<Storage['getSelectedStorageBackend']>;

export interface SystemBoxParts {
  readonly storage: Storage;
  readonly platform: NodeJS.Platform;
  /** Is there while the person agrees to secrets in plain text. Absolute. */
  readonly agreedFile: string;
  /** Opens what a host without a window has sealed in the same data folder. */
  readonly keyFile: SecretBox;
}

const KEYRINGS: Readonly<Record<Backend, string | null>> = {
  gnome_libsecret: 'GNOME Keyring',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
  // With a key that everybody knows: no better than plain text.
  basic_text: null,
  unknown: null,
};

const REFUSED = 'This desktop has no keyring that is open (GNOME Keyring or KWallet): secrets could only rest as plain text in a file that your user alone can read.';

/** Seals with the system's keyring. Without one it says so and seals nothing, until the person agrees to plain text. */
export function createSystemBox({ storage, platform, agreedFile, keyFile }: SystemBoxParts): SecretBox {
  /** What the keyring is called; null where there is none that seals. */
  const keyring = async (): Promise<string | null> => {
    if (!(await storage.isAsyncEncryptionAvailable().catch(() => false))) return null;
    if (platform === 'darwin') return 'Keychain';
    return platform === 'win32' ? 'DPAPI' : KEYRINGS[storage.getSelectedStorageBackend()];
  };
  const agreed = (): boolean => existsSync(agreedFile);

  const openOwn = async (body: string, context: string): Promise<{ readonly text: string; readonly stale: boolean }> => {
    if ((await keyring()) === null) throw new StudioError('permission', 'The keyring that this secret was sealed with can’t be reached.', { place: context, remedy: 'Unlock the keyring and try again, or enter the secret again.' });
    let text: string;
    let stale: boolean;
    try {
      const { result, shouldReEncrypt } = await storage.decryptStringAsync(Buffer.from(body, 'base64'));
      [text, stale] = [result, shouldReEncrypt];
    } catch (cause) {
      throw new StudioError('permission', 'The system’s keyring does not open this secret.', { place: context, remedy: 'It was sealed by another user or on another computer: enter it again.', cause });
    }
    // What it belongs to is sealed with it, so that none can be put in another's place.
    if (!text.startsWith(`${context}\n`)) throw new StudioError('permission', 'This secret was put in another’s place.', { place: context, remedy: 'Enter the secret again.' });
    return { text: text.slice(context.length + 1), stale };
  };

  return {
    async state() {
      const name = await keyring();
      if (name !== null) return { kind: 'system', detail: name };
      return agreed() ? { kind: 'plain', detail: 'secrets.json' } : { kind: 'refused', detail: REFUSED };
    },
    async seal(text, context) {
      if ((await keyring()) !== null) {
        try {
          const body = (await storage.encryptStringAsync(`${context}\n${text}`)).toString('base64');
          // What was agreed to was for a desktop without a keyring: one that is only locked is to be opened.
          await rm(agreedFile, { force: true });
          return sealedText({ maker: 'system', body });
        } catch (cause) {
          throw new StudioError('permission', 'The system’s keyring could not seal the secret.', { place: context, remedy: 'Unlock the keyring and try again.', cause });
        }
      }
      if (agreed()) return sealedText({ maker: 'plain', body: text });
      throw new StudioError('permission', REFUSED, { place: context, remedy: 'Set up a keyring and start Millrace again, or agree to plain text under Settings › Connections.' });
    },
    async open(sealed, context) {
      const read = readSealed(sealed);
      if (read?.maker === 'system') return openOwn(read.body, context);
      if (read?.maker === 'keyFile') return keyFile.open(sealed, context);
      if (read?.maker !== 'plain') throw notMine(sealed, context);
      // Since then a keyring has come: it is sealed as soon as it is used.
      const stale = (await keyring()) !== null;
      if (!stale && !agreed()) throw notMine(sealed, context);
      return { text: read.body, stale };
    },
    async allowPlainText(allow) {
      if (allow) await saveText(agreedFile, 'The person has agreed to secrets in plain text. Without this file they are refused.\n', 0o600);
      else await rm(agreedFile, { force: true });
    },
  };
}
