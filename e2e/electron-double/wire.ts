/** What crosses between the main process and a page, as text: JSON, with bytes where structured clone would keep bytes. */
type Tagged = { readonly $bytes: string; readonly $kind: 'ArrayBuffer' | 'Uint8Array' };

/** Written without outer names: it also runs in the page, from its own source text. */
export function toText(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    const isBuffer = one instanceof ArrayBuffer;
    if (!isBuffer && !ArrayBuffer.isView(one)) return one;
    const bytes = isBuffer ? new Uint8Array(one) : new Uint8Array(one.buffer, one.byteOffset, one.byteLength);
    const $bytes = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return { $bytes, $kind: isBuffer ? 'ArrayBuffer' : 'Uint8Array' } satisfies Tagged;
  });
}

/** The other direction; it runs in the page too. */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) => {
    if (typeof one !== 'object' || one === null || !('$bytes' in one)) return one;
    const { $bytes, $kind } = one as Tagged;
    const bytes = Uint8Array.from(atob($bytes), (character) => character.charCodeAt(0));
    return $kind === 'ArrayBuffer' ? bytes.buffer : bytes;
  });
}

/** From a page: a message on an ipc channel, or on a port it was given. */
export type FromPage =
  | { readonly kind: 'ipc'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'portClosed'; readonly port: number };

/** To a page. `ports` are numbers by which the page and the main process call the two ends of a channel. */
export type ToPage =
  | { readonly kind: 'ipc'; readonly channel: string; readonly args: readonly unknown[]; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'portClosed'; readonly port: number };
