import { createHash } from 'node:crypto';
import { StudioError } from '#shared/errors';
import { at, isExact } from './json.ts';
import type { JsonPath } from './json.ts';
import type { Page } from './page.ts';
import { withQuery } from './url.ts';

/** How a service gives its rows in pages. */
export type Paging =
  | { readonly kind: 'none' }
  /** `Link: <…>; rel="next"` (RFC 8288). */
  | { readonly kind: 'link' }
  /** A value in the answer goes into the next request's parameter; without a parameter it is the next address itself. */
  | { readonly kind: 'cursor'; readonly path: JsonPath; readonly param: string }
  | { readonly kind: 'offset'; readonly offset: string; readonly limit: string; readonly size: number }
  | { readonly kind: 'page'; readonly page: string; readonly limit: string; readonly size: number; readonly first: number };

/** The target of the first link with `rel=next`; null where there is none. */
export function nextLink(header: string | undefined): string | null {
  for (const [, target, parameters = ''] of (header ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))/i.exec(parameters);
    if (target !== undefined && (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target;
  }
  return null;
}

interface Answered {
  readonly headers: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly place: string;
  readonly body: Buffer;
}

/** Goes from page to page. It knows a page that it has seen: a service that leads in a circle would never end. */
export interface Pages {
  readonly first: URL;
  /** The next address; null at the end. Throws node_failed where the service leads in a circle. */
  next(answer: Answered, page: Page): URL | null;
}

const sized = (limit: string, size: number): Readonly<Record<string, string>> => (limit === '' ? {} : { [limit]: String(size) });

function resolved(text: string, answer: Answered): URL {
  if (!URL.canParse(text, answer.url.href)) throw new StudioError('node_failed', `${answer.place} tells a next page that is no address.`, { place: 'paging', remedy: 'Choose another kind of paging.' });
  return new URL(text, answer.url);
}

/** Pages from the address of the first one on. */
export function createPages(paging: Paging, url: URL): Pages {
  const seen = new Set<string>();
  let rows = 0;
  let last = '';
  let number = paging.kind === 'page' ? paging.first : 0;
  const numbered = (): URL => {
    if (paging.kind === 'offset') return withQuery(url, { ...sized(paging.limit, paging.size), [paging.offset]: String(rows) });
    return paging.kind === 'page' ? withQuery(url, { ...sized(paging.limit, paging.size), [paging.page]: String(number) }) : url;
  };
  const circle = (place: string): StudioError =>
    new StudioError('node_failed', `${place} gives the same page again: its pages never end.`, { place: 'paging', remedy: paging.kind === 'offset' || paging.kind === 'page' ? 'Check the name of the parameter: the service seems not to know it.' : 'Check where the next page is told, or choose another kind of paging.' });
  const once = (what: string, place: string): void => {
    if (seen.has(what)) throw circle(place);
    seen.add(what);
  };
  const first = numbered();
  if (paging.kind === 'link') seen.add(first.href);
  return {
    first,
    next(answer, page) {
      if (paging.kind === 'none') return null;
      if (paging.kind === 'link') {
        const link = nextLink(answer.headers['link']);
        if (link === null) return null;
        const next = resolved(link, answer);
        once(next.href, answer.place);
        return next;
      }
      if (paging.kind === 'cursor') {
        const found = at(page.document, paging.path);
        if (found === undefined || found === null || found === '' || found === false) return null;
        const cursor = isExact(found) ? found.rawJSON : typeof found === 'string' ? found : JSON.stringify(found);
        once(cursor, answer.place);
        return paging.param === '' ? resolved(cursor, answer) : withQuery(url, { [paging.param]: cursor });
      }
      if (page.rows.length === 0) return null;
      const hash = createHash('sha256').update(answer.body).digest('base64');
      if (hash === last) throw circle(answer.place);
      last = hash;
      rows += page.rows.length;
      number += 1;
      return numbered();
    },
  };
}
