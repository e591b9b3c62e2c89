import type { SafeStorage } from 'electron';

type Backend = ReturnType<SafeStorage['getSelectedStorageBackend']>;

/** The keyring of the desktop: which there is (MILLRACE_DOUBLE_KEYRING; none unless it says so), whether it is open, and whether its key has been replaced. */
export const keyring = { backend: (process.env['MILLRACE_DOUBLE_KEYRING'] ?? 'basic_text') as Backend, locked: false, generation: 1 };

/** No cipher: a text that nobody reads by accident, with the generation of the key it was sealed with. */
const turned = (bytes: Buffer): Buffer => Buffer.from([...bytes].map((byte) => byte ^ 0x5a));

const refuse = (): never => {
  throw new Error('Encryption is not available.');
};

/** As Electron has it: `basic_text` seals with a key that everybody knows, and says that it can. */
export const safeStorage = {
  isAsyncEncryptionAvailable: () => Promise.resolve(!keyring.locked),
  encryptStringAsync: async (text: string) => (keyring.locked ? refuse() : Buffer.concat([Buffer.from(`v${keyring.generation}`), turned(Buffer.from(text, 'utf8'))])),
  decryptStringAsync: async (bytes: Buffer) => {
    const generation = /^v(\d)/u.exec(bytes.subarray(0, 2).toString('latin1'))?.[1];
    if (keyring.locked || generation === undefined) return refuse();
    return { result: turned(bytes.subarray(2)).toString('utf8'), shouldReEncrypt: Number(generation) !== keyring.generation };
  },
  getSelectedStorageBackend: () => keyring.backend,
} satisfies Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'>;
