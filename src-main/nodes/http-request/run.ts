import type { HttpClient } from '../../connectors/http/client.ts';
import type { HttpRequest } from '../../connectors/http/exchange.ts';
import { pathOf, readPath } from '../../connectors/http/json.ts';
import { isKnownType, KNOWN_TYPES } from '../../connectors/http/kinds.ts';
import { changes, openFor } from '../../connectors/http/open.ts';
import { pageOf } from '../../connectors/http/page.ts';
import type { Format, PageOptions } from '../../connectors/http/page.ts';
import { createPages } from '../../connectors/http/paging.ts';
import type { Paging } from '../../connectors/http/paging.ts';
import type { LimitConfig } from '../../connectors/http/params.ts';
import { createShape } from '../../connectors/http/shape.ts';
import { createStore } from '../../connectors/http/store.ts';
import { addressOf, withQuery } from '../../connectors/http/url.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { failed } from '../sql.ts';
import { spec } from './spec.ts';

interface Config extends LimitConfig {
  readonly method: string;
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly send: 'none' | 'json' | 'text' | 'form';
  readonly body: string;
  readonly form: Readonly<Record<string, string>>;
  readonly format: Format | 'auto';
  readonly rows: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly charset: string;
  readonly paging: Paging['kind'];
  readonly cursorPath: string;
  readonly cursorParam: string;
  readonly offsetParam: string;
  readonly pageParam: string;
  readonly firstPage: number;
  readonly limitParam: string;
  readonly pageSize: number;
  readonly maxPages: number;
  readonly whenMore: 'fail' | 'stop';
}

/** Rows a batch holds. */
const BATCH = 2048;

function pagingOf(config: Config): Paging {
  if (config.paging === 'cursor') return { kind: 'cursor', path: pathOf(config.cursorPath, 'cursorPath'), param: config.cursorParam };
  if (config.paging === 'offset') return { kind: 'offset', offset: config.offsetParam, limit: config.limitParam, size: config.pageSize };
  return config.paging === 'page' ? { kind: 'page', page: config.pageParam, limit: config.limitParam, size: config.pageSize, first: config.firstPage } : { kind: config.paging };
}

function bodyOf({ send, body, form, headers }: Config): Pick<HttpRequest, 'body' | 'headers'> {
  const typed = (type: string): Readonly<Record<string, string>> => (Object.keys(headers).some((name) => name.toLowerCase() === 'content-type') ? headers : { ...headers, 'content-type': type });
  if (send === 'none') return { body: null, headers };
  if (send === 'form') return { body: new URLSearchParams(form).toString(), headers: typed('application/x-www-form-urlencoded') };
  return { body, headers: typed(send === 'json' ? 'application/json' : 'text/plain; charset=utf-8') };
}

async function* asked(config: Config, client: HttpClient, context: StreamContext): AsyncGenerator<Batch> {
  const options: PageOptions = { format: config.format, rows: pathOf(config.rows, 'rows'), charset: config.charset };
  const shape = createShape(config.columns);
  const store = createStore(context.scratch, `http-${context.nodeId.replace(/\W/g, '_')}`);
  const pages = createPages(pagingOf(config), withQuery(addressOf(config.url, client.base), config.query));
  const request = { method: config.method, ...bodyOf(config) };
  if (changes(config)) await context.intend({ what: `A ${config.method} request would be sent to ${pages.first.origin}${pages.first.pathname}`, rows: 0 });
  try {
    let number = 0;
    for (let url: URL | null = pages.first; url !== null; ) {
      if (number >= config.maxPages) {
        if (config.whenMore === 'fail') throw failed('maxPages', `There are more than ${number.toLocaleString('en')} pages.`, 'Allow more pages, or go on without the others.');
        context.console(`The service has more pages; ${number.toLocaleString('en')} were asked for.`);
        break;
      }
      const answer = await client.send({ ...request, url }, context.signal);
      if (answer.status < 200 || answer.status > 299) throw client.refusal(answer);
      const page = pageOf(answer, options);
      number += 1;
      context.report('pages', 1);
      context.report('bytes', answer.body.length);
      if (answer.tries > 1) context.report('further tries', answer.tries - 1);
      shape.add(page.rows, page.texts);
      await store.add(answer, page);
      url = pages.next(answer, page);
    }
    const columns = shape.columns();
    let row = 1;
    let given = false;
    for await (const rows of store.rows((answer) => pageOf(answer, options))) {
      for (let from = 0; from < rows.length; from += BATCH) {
        const part = rows.slice(from, from + BATCH);
        yield { columns, rows: shape.values(part, row) };
        row += part.length;
        given = true;
      }
    }
    if (!given) yield { columns, rows: [] };
  } finally {
    await store.remove();
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  check: (config) => [
    ...(readPath(config.rows) === null ? [{ field: 'rows', message: `“${config.rows}” is not a path into JSON.`, remedy: 'Write it like $.items or $.data.results.' }] : []),
    ...(config.paging === 'cursor' && readPath(config.cursorPath) === null ? [{ field: 'cursorPath', message: `“${config.cursorPath}” is not a path into JSON.`, remedy: 'Write it like $.next_cursor.' }] : []),
    ...(config.send === 'json' && !isJson(config.body) ? [{ field: 'body', message: 'The body is not JSON.', remedy: 'Correct it, or send it as text.' }] : []),
    ...Object.entries(config.columns).flatMap(([name, type]) => (isKnownType(type.trim().toUpperCase()) ? [] : [{ field: `columns.${name}`, message: `“${type}” is not a type that a column of an answer can be given.`, remedy: `Use ${KNOWN_TYPES}; cast to another one after this node.` }])),
    ...(/^[a-z][a-z\d+.-]*:/i.test(config.url) && !/^https?:/i.test(config.url) ? [{ field: 'url', message: 'Requests go to http: and https: addresses.', remedy: 'Write it like https://api.example.com/items.' }] : []),
  ],
  async *stream(config, _input, context) {
    const client = await openFor(config, context);
    try {
      yield* asked(config, client, context);
    } finally {
      await client.close();
    }
  },
});
