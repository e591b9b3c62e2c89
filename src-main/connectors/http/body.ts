import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { StudioError } from '#shared/errors';

const unpackers: { readonly [encoding: string]: () => Transform } = { gzip: () => createGunzip(), 'x-gzip': () => createGunzip(), deflate: () => createInflate(), br: () => createBrotliDecompress(), zstd: () => createZstdDecompress() };

/** What is asked for in Accept-Encoding. */
export const ENCODINGS = 'gzip, deflate, br, zstd';

const size = (bytes: number): string => `${(bytes / (1 << 20)).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
const tooLarge = (limit: number, place: string): StudioError =>
  new StudioError('node_failed', `The answer of ${place} is larger than ${size(limit)}.`, { place: 'maxMb', remedy: 'Allow larger answers, or ask for less at a time (paging).' });

/**
 * The whole body, unpacked. Throws as soon as it is larger than `limit` bytes, packed or unpacked, so that a small answer that unpacks to
 * an endless one is stopped on its way.
 */
export async function readBody(body: Readable, headers: Readonly<Record<string, string>>, limit: number, place: string): Promise<Buffer> {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== '' && one !== 'identity');
  const announced = Number(headers['content-length'] ?? 0);
  const chain: (Readable | Transform)[] = [body];
  const destroy = (): void => {
    for (const one of chain) one.destroy();
  };
  try {
    if (encodings.length === 0 && announced > limit) throw tooLarge(limit, place);
    for (const encoding of encodings.toReversed()) {
      const make = unpackers[encoding];
      if (make === undefined || chain.length > 3) throw new StudioError('unsupported', `The answer of ${place} is packed in a way that is not known here: ${encodings.join(', ')}.`, { place: 'url' });
      const unpacker = make();
      const before = chain.at(-1);
      before?.on('error', (error) => unpacker.destroy(error));
      before?.pipe(unpacker);
      chain.push(unpacker);
    }
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of chain.at(-1) ?? body) {
      const bytes = chunk as Buffer;
      total += bytes.length;
      if (total > limit) throw tooLarge(limit, place);
      chunks.push(bytes);
    }
    return Buffer.concat(chunks, total);
  } catch (thrown) {
    if (encodings.length > 0 && thrown instanceof Error && 'code' in thrown && /^(Z_|ERR_BROTLI|ERR_ZSTD|ZSTD_|ERR__ERROR|ERR_PADDING)/.test(String(thrown.code))) {
      throw new StudioError('io', `The answer of ${place} says that it is packed (${encodings.join(', ')}) and can’t be unpacked.`, { place: 'url', remedy: 'Try again; tell whoever runs the service if it stays so.', cause: thrown });
    }
    throw thrown;
  } finally {
    destroy();
  }
}

/** The media type without its parameters, in small letters. */
export const mediaType = (headers: Readonly<Record<string, string>>): string => (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** The body as text: in `charset`, or the one that its header names, or UTF-8. Throws node_failed where it is not in it. */
export function textOf(body: Buffer, headers: Readonly<Record<string, string>>, charset = ''): string {
  const named = charset === '' ? (/;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8') : charset;
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(named, { fatal: true });
  } catch {
    throw new StudioError('node_failed', `No encoding is called “${named}”.`, { place: 'charset', remedy: 'Choose one of the WHATWG encodings: utf-8, utf-16le, windows-1252, gb18030, shift_jis …' });
  }
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw new StudioError('node_failed', `The answer is not text in ${named}.`, { place: 'charset', remedy: 'Name its encoding, or take it as binary.', cause });
  }
}
