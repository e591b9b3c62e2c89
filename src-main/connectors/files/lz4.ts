const MAGIC = 0x18_4d_22_04;
/** Of one buffer; a file that says more than this is not what it seems. */
const MOST_BYTES = 2 ** 30;

const broken = (): Error => new Error('The LZ4 data is broken.');

/** Unpacks one block behind what `out` has at `to`; answers where it ends. Format: github.com/lz4/lz4 doc/lz4_Block_format.md. */
function block(from: Uint8Array, out: { bytes: Uint8Array }, to: number): number {
  let at = 0;
  let end = to;
  const room = (more: number): void => {
    if (end + more <= out.bytes.length) return;
    if (end + more > MOST_BYTES) throw broken();
    const grown = new Uint8Array(Math.min(MOST_BYTES, Math.max(out.bytes.length * 2, end + more)));
    grown.set(out.bytes.subarray(0, end));
    out.bytes = grown;
  };
  const length = (first: number): number => {
    let sum = first;
    if (first !== 15) return sum;
    for (;;) {
      const byte = from[at++];
      if (byte === undefined) throw broken();
      sum += byte;
      if (byte !== 255) return sum;
    }
  };
  while (at < from.length) {
    const token = from[at++] ?? 0;
    const literals = length(token >> 4);
    if (at + literals > from.length) throw broken();
    room(literals);
    out.bytes.set(from.subarray(at, at + literals), end);
    at += literals;
    end += literals;
    if (at >= from.length) return end;
    const offset = (from[at] ?? 0) | ((from[at + 1] ?? 0) << 8);
    at += 2;
    if (offset === 0 || offset > end || at > from.length) throw broken();
    const copied = length(token & 15) + 4;
    room(copied);
    const { bytes } = out;
    // The two may overlap: byte by byte then, which repeats a pattern.
    if (offset >= copied) bytes.copyWithin(end, end - offset, end - offset + copied);
    else for (let n = 0; n < copied; n += 1) bytes[end + n] = bytes[end + n - offset] ?? 0;
    end += copied;
  }
  return end;
}

/** Unpacks LZ4 frames, which is how Arrow's files hold them. Throws where they are broken. Format: github.com/lz4/lz4 doc/lz4_Frame_format.md. */
export function unpackLz4(data: Uint8Array): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 7 || view.getUint32(0, true) !== MAGIC) throw broken();
  const flags = data[4] ?? 0;
  let at = 6 + ((flags & 8) !== 0 ? 8 : 0) + ((flags & 1) !== 0 ? 4 : 0) + 1;
  const out = { bytes: new Uint8Array(Math.max(1024, data.length * 3)) };
  let end = 0;
  for (;;) {
    if (at + 4 > data.length) throw broken();
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) return out.bytes.slice(0, end);
    const size = head & 0x7f_ff_ff_ff;
    if (at + size > data.length) throw broken();
    const part = data.subarray(at, at + size);
    if (head >= 0x80_00_00_00) {
      // Kept as it is: one token of literals is what the block's decoder would make of it.
      if (end + size > out.bytes.length) {
        const grown = new Uint8Array(end + size + out.bytes.length);
        grown.set(out.bytes.subarray(0, end));
        out.bytes = grown;
      }
      out.bytes.set(part, end);
      end += size;
    } else end = block(part, out, end);
    at += size + ((flags & 16) !== 0 ? 4 : 0);
  }
}
