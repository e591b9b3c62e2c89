import { closeSync, openSync, readSync } from 'node:fs';

/** What a compressed file begins with (gzip, zstd): its last byte says nothing of its last line. */
const COMPRESSED = ['1f8b', '28b52ffd'];
const LINE_END = 10;

function bytesAt(path: string, from: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, count, from));
  } finally {
    closeSync(file);
  }
}

/** Is the last of a text file's lines without its end? What is added behind it would become part of that line. */
export function isLineOpen(path: string, size: number): boolean {
  const begins = bytesAt(path, 0, 4).toString('hex');
  return size > 0 && !COMPRESSED.some((magic) => begins.startsWith(magic)) && bytesAt(path, size - 1, 1)[0] !== LINE_END;
}
