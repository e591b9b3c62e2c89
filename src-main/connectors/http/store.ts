import { readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpAnswer } from './exchange.ts';
import type { Page } from './page.ts';

/** Bytes of answers whose rows stay in memory; the answers after that wait in files of the run. */
const IN_MEMORY = 8 << 20;

type Kept = { readonly rows: Page['rows'] } | { readonly path: string; readonly headers: HttpAnswer['headers']; readonly place: string };

/** Pages in their order, kept until all have come: only then are the types of their columns known. */
export interface PageStore {
  add(answer: HttpAnswer, page: Page): Promise<void>;
  /** The rows of each page. `read` reads an answer again. */
  rows(read: (answer: Pick<HttpAnswer, 'headers' | 'body' | 'place'>) => Page): AsyncIterable<Page['rows']>;
  remove(): Promise<void>;
}

/** Files are named for `name`, within `folder`, which the run removes when it ends. */
export function createStore(folder: string, name: string): PageStore {
  const kept: Kept[] = [];
  let bytes = 0;
  const files = (): readonly string[] => kept.flatMap((one) => ('path' in one ? [one.path] : []));
  return {
    async add(answer, page) {
      bytes += answer.body.length;
      if (bytes <= IN_MEMORY) {
        kept.push({ rows: page.rows });
        return;
      }
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${name}-${kept.length}.page`);
      kept.push({ path, headers: answer.headers, place: answer.place });
      await writeFile(path, answer.body);
    },
    async *rows(read) {
      for (const one of kept) yield 'rows' in one ? one.rows : read({ headers: one.headers, place: one.place, body: await readFile(one.path) }).rows;
    },
    async remove() {
      await Promise.all(files().map((path) => rm(path, { force: true })));
    },
  };
}
