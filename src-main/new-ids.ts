/** Sources of ids, with the clock and chance they need as arguments. `randomBytes(n)` gives n random bytes. */
export function createRunIds(clock: () => number, randomBytes: (count: number) => Uint8Array): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    // Within one millisecond, and when the clock is set back, the counter keeps the ids rising; when it is full, the time does.
    const now = Math.max(clock(), lastMs);
    counter = now === lastMs ? counter + 1 : 0;
    lastMs = counter > 0xfff ? now + 1 : now;
    counter &= 0xfff;
    return uuid7(lastMs, counter, randomBytes(8));
  };
}

/** A UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, 12 of a counter, the rest chance; texts sort as their times do. */
function uuid7(ms: number, counter: number, chance: Uint8Array): string {
  const time = Math.trunc(ms).toString(16).padStart(12, '0');
  const rest = [...chance].map((byte, at) => (at === 0 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0')).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
