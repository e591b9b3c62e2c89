import { open } from 'node:fs/promises';
import { StudioError } from '#shared/errors';

export type Encoding = 'utf-8' | 'utf-16' | 'latin1' | 'gb18030';

/** Bytes read at a time. */
const CHUNK = 1 << 20;

/** Turns bytes into text, piece by piece; throws TypeError where they are no text of that encoding. */
interface Decoder {
  decode(bytes: Uint8Array, more: boolean): string;
}

function decoderFor(encoding: Encoding, start: Uint8Array): Decoder {
  // The WHATWG's "latin1" is windows-1252, which is not the same: Node's own latin1 maps byte to letter.
  if (encoding === 'latin1') return { decode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') };
  const label = encoding === 'utf-16' ? (start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-16le') : encoding;
  const decoder = new TextDecoder(label, { fatal: true });
  return { decode: (bytes, more) => decoder.decode(bytes, { stream: more }) };
}

function unreadable(path: string, cause: unknown): StudioError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const detail = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ENOENT') return new StudioError('io', 'The file doesn’t exist.', { place: path, remedy: 'Check the path; relative ones start at the folder of the workflow.', detail });
  if (code === 'EISDIR') return new StudioError('io', 'A folder stands where a file was expected.', { place: path, remedy: 'Name a file, or a pattern such as folder/*.txt.', detail });
  if (code === 'EACCES' || code === 'EPERM') return new StudioError('permission', 'The file may not be read.', { place: path, remedy: 'Change its permissions or choose another file.', detail });
  return new StudioError('io', 'The file can’t be read.', { place: path, detail });
}

/**
 * The text of a file in pieces of about a megabyte; memory does not grow with the file. Throws StudioError: io or permission when it
 * can't be read, node_failed with the byte where it stops being text of that encoding.
 */
export async function* decoded(path: string, encoding: Encoding, signal: AbortSignal): AsyncGenerator<string> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    let decoder: Decoder | undefined;
    for (let at = 0; ; ) {
      signal.throwIfAborted();
      const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(CHUNK), length: CHUNK }).catch((cause: unknown) => {
        throw unreadable(path, cause);
      });
      decoder ??= decoderFor(encoding, buffer.subarray(0, bytesRead));
      let text: string;
      try {
        text = decoder.decode(buffer.subarray(0, bytesRead), bytesRead > 0);
      } catch (cause) {
        throw new StudioError('node_failed', `The file is not ${encoding}: after byte ${at.toLocaleString('en')} its bytes make no letters.`, {
          place: path, remedy: 'Choose the encoding the file was written in, such as latin1, utf-16 or gb18030.', cause,
        });
      }
      if (text !== '') yield text;
      if (bytesRead === 0) return;
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
