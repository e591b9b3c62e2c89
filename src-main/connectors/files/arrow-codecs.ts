import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { compressionRegistry, CompressionType } from 'apache-arrow';
import { unpackLz4 } from './lz4.ts';

/** Of one buffer of a column: what says more is broken, or meant to do harm. */
const MOST_BYTES = 2 ** 30;

/** Lets the library read both compressions of the format, and write the one that Node has. A copy each: its numbers need an even start. */
export function registerCodecs(): void {
  compressionRegistry.set(CompressionType.ZSTD, { encode: (data) => new Uint8Array(zstdCompressSync(data)), decode: (data) => new Uint8Array(zstdDecompressSync(data, { maxOutputLength: MOST_BYTES })) });
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4 });
}
