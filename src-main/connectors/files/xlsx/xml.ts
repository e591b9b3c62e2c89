/** What is told of a document as it passes. Names are without their prefix. */
export interface Handler {
  open(name: string, attributes: () => Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const decoded = (text: string): string =>
  text.includes('&') ? text.replaceAll(/&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => (hex !== undefined ? String.fromCodePoint(Number.parseInt(hex, 16)) : decimal !== undefined ? String.fromCodePoint(Number(decimal)) : (NAMED[name ?? ''] ?? whole))) : text;

const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const attributesOf = (tag: string): Readonly<Record<string, string>> => Object.fromEntries([...tag.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [name.slice(name.indexOf(':') + 1), decoded(double ?? single ?? '')]));

/** Where a tag ends: the first `>` that no quote encloses, or -1. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '>') return at;
  }
  return -1;
}

/** One tag of more than this is no workbook's. */
const LONGEST = 2 ** 20;

/**
 * Reads XML piece by piece, as much of it as workbooks use: elements, attributes, text, CDATA. A document type is refused, since its
 * entities could swell to anything. Throws where it is broken.
 */
export function createXml(handler: Handler): { readonly feed: (text: string) => void; readonly end: () => void } {
  let rest = '';
  const open: string[] = [];
  const element = (tag: string): void => {
    if (tag.startsWith('/')) {
      const closed = tag.slice(tag.indexOf(':') + 1 || 1).trim();
      if (open.pop() !== closed) throw new Error(`“${closed}” is closed where something else is open.`);
      handler.close(closed);
      return;
    }
    const whole = /^([^\s/>]+)/.exec(tag)?.[1] ?? '';
    const name = whole.slice(whole.indexOf(':') + 1);
    handler.open(name, () => attributesOf(tag.slice(whole.length)));
    if (tag.endsWith('/')) handler.close(name);
    else open.push(name);
  };
  /** Something from `<` on: where the next thing begins, or -1 where its end has not come yet. */
  const markup = (text: string, at: number): number => {
    for (const [start, end, isText] of [['<!--', '-->', false], ['<![CDATA[', ']]>', true], ['<?', '?>', false]] as const) {
      if (!text.startsWith(start, at)) continue;
      const stop = text.indexOf(end, at + start.length);
      if (stop >= 0 && isText) handler.text(text.slice(at + start.length, stop));
      return stop < 0 ? -1 : stop + end.length;
    }
    if (text.startsWith('<!D', at)) throw new Error('It has a document type, which no workbook has.');
    // Too little of it has come to tell what it is.
    if (text.startsWith('<!', at) && text.length - at < 9) return -1;
    const stop = tagEnd(text, at + 1);
    if (stop < 0) return -1;
    element(text.slice(at + 1, stop));
    return stop + 1;
  };
  return {
    feed(more) {
      const text = rest + more;
      let at = 0;
      for (;;) {
        const next = text.indexOf('<', at);
        if (next < 0) {
          // Text is told as it comes, but for a reference that may not be whole yet.
          const half = text.indexOf('&', Math.max(at, text.length - 12));
          const until = half < 0 ? text.length : half;
          if (until > at) handler.text(decoded(text.slice(at, until)));
          at = until;
          break;
        }
        if (next > at) handler.text(decoded(text.slice(at, next)));
        at = next;
        const after = markup(text, next);
        if (after < 0) break;
        at = after;
      }
      rest = text.slice(at);
      if (rest.length > LONGEST) throw new Error('A part of it never ends.');
    },
    end() {
      if (open.length > 0 || rest.trim() !== '') throw new Error('It ends too early.');
    },
  };
}
