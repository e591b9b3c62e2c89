import { DuckDBBlobValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { errorSentence, fromErrorInfo, toErrorInfo } from '#shared/errors';
import { textOf } from '../../connectors/http/body.ts';
import type { HttpClient, Sent } from '../../connectors/http/client.ts';
import { at, parseExact, pathOf, readPath } from '../../connectors/http/json.ts';
import type { JsonValue } from '../../connectors/http/json.ts';
import { fitted, isKnownType, KNOWN_TYPES } from '../../connectors/http/kinds.ts';
import { changes, openFor } from '../../connectors/http/open.ts';
import { ordered } from '../../connectors/http/ordered.ts';
import type { LimitConfig } from '../../connectors/http/params.ts';
import { rowRequests } from '../../connectors/http/row-request.ts';
import type { RowRequest } from '../../connectors/http/row-request.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { failed } from '../sql.ts';
import { spec } from './spec.ts';

interface Config extends LimitConfig, RowRequest {
  readonly format: 'json' | 'text' | 'binary';
  readonly into: string;
  readonly fields: readonly { readonly name: string; readonly path: string; readonly type: string }[];
  readonly details: boolean;
  readonly onStatus: 'fail' | 'keep';
  readonly concurrency: number;
  readonly charset: string;
}

/** Rows and bytes of answers after which a batch goes on. */
const ROWS = 1024;
const BYTES = 4 << 20;

interface Outcome {
  readonly sent: Sent | null;
  readonly ms: number;
  readonly error: string | null;
  readonly values: readonly unknown[];
}

const takesFields = ({ format, fields }: Config): boolean => format === 'json' && fields.length > 0;

/** The columns that are added to a row. */
function added(config: Config): readonly Column[] {
  const { into } = config;
  const kept = config.onStatus === 'keep';
  return [
    ...(takesFields(config) ? config.fields.map(({ name, type }) => ({ name, type: type.trim().toUpperCase() })) : [{ name: into, type: { json: 'JSON', text: 'VARCHAR', binary: 'BLOB' }[config.format] }]),
    ...(config.details || kept ? [{ name: `${into}_status`, type: 'INTEGER' }] : []),
    ...(config.details ? [{ name: `${into}_headers`, type: 'JSON' }, { name: `${into}_ms`, type: 'DOUBLE' }] : []),
    ...(kept ? [{ name: `${into}_error`, type: 'VARCHAR' }] : []),
  ];
}

/** What an answer gives: the value, or those of the fields. Throws node_failed where it is not what the config says. */
function reader(config: Config): (answer: Sent, row: number) => readonly unknown[] {
  const fields = config.fields.map(({ name, path, type }, index) => ({ name, path: pathOf(path, `fields[${index}].path`), type: type.trim().toUpperCase() }));
  return (answer, row) => {
    if (config.format === 'binary') return [new DuckDBBlobValue(answer.body)];
    const text = textOf(answer.body, answer.headers, config.charset);
    if (config.format === 'text') return [text];
    if (text.trim() === '') return takesFields(config) ? fields.map(() => null) : [null];
    let value: JsonValue;
    try {
      value = parseExact(text);
    } catch {
      throw failed('format', `The answer of ${answer.place} is not JSON.`, 'Take the answer as text to see it.');
    }
    return takesFields(config) ? fields.map(({ name, path, type }) => fitted(at(value, path), type, name, row)) : [text];
  };
}

function distinct(columns: readonly Column[]): readonly Column[] {
  const taken = new Set<string>();
  for (const { name } of columns) {
    if (taken.has(name.toLowerCase())) throw failed('into', `There would be two columns called “${name}”.`, 'Choose another name for the answer’s column.');
    taken.add(name.toLowerCase());
  }
  return columns;
}

async function* rowsOf(input: AsyncIterable<Batch>, first: (columns: readonly Column[]) => void): AsyncGenerator<{ readonly row: readonly unknown[]; readonly number: number }> {
  let number = 0;
  for await (const { columns, rows } of input) {
    first(columns);
    for (const row of rows) yield { row, number: (number += 1) };
  }
}

async function* answered(config: Config, client: HttpClient, input: AsyncIterable<Batch>, context: StreamContext): AsyncGenerator<Batch> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const extra = added(config);
  const read = reader(config);
  let columns: readonly Column[] | null = null;
  let requestOf: ReturnType<typeof rowRequests> | null = null;
  const open = (given: readonly Column[]): void => {
    columns ??= distinct([...given, ...extra]);
    requestOf ??= rowRequests(config, given, client.base);
  };
  let announced: Promise<void> | null = null;
  const announce = (): Promise<void> => (announced ??= changes(config) ? context.intend({ what: `${config.method} requests, one for each row, would be sent again to ${client.base?.origin ?? config.url.split(/[?{]/, 1)[0] ?? ''}, from the first one on`, rows: 1 }) : Promise.resolve());

  const ask = async ({ row, number }: { readonly row: readonly unknown[]; readonly number: number }): Promise<{ readonly values: readonly unknown[]; readonly bytes: number }> => {
    const startedAt = performance.now();
    let sent: Sent | null = null;
    let error: string | null = null;
    let values: readonly unknown[] = [];
    try {
      const request = requestOf?.(row);
      if (request === undefined) throw failed('url', 'The input has no columns.', 'Connect a node with columns.');
      await announce();
      sent = await client.send(request, signal);
      if (sent.status < 200 || sent.status > 299) throw client.refusal(sent);
      values = read(sent, number);
    } catch (thrown) {
      signal.throwIfAborted();
      const info = toErrorInfo(thrown);
      if (config.onStatus === 'fail' || info.code === 'internal' || info.code === 'cancelled') throw info.code === 'internal' ? thrown : fromErrorInfo({ ...info, message: info.message.startsWith('Row ') ? info.message : `Row ${number.toLocaleString('en')}: ${info.message}` });
      error = errorSentence(info);
      context.report('failed requests', 1);
    }
    if (sent !== null && sent.tries > 1) context.report('further tries', sent.tries - 1);
    const outcome: Outcome = { sent, ms: performance.now() - startedAt, error, values };
    return { values: [...row, ...cells(config, outcome)], bytes: sent?.body.length ?? 0 };
  };

  let rows: (readonly unknown[])[] = [];
  let bytes = 0;
  let given = false;
  try {
    for await (const one of ordered(rowsOf(input, open), config.concurrency, ask)) {
      rows.push(one.values);
      bytes += one.bytes;
      context.report('requests', 1);
      if (rows.length < ROWS && bytes < BYTES) continue;
      yield { columns: columns ?? extra, rows };
      given = true;
      [rows, bytes] = [[], 0];
    }
    if (rows.length > 0 || !given) yield { columns: columns ?? extra, rows };
  } finally {
    stop.abort(new Error('ended'));
  }
}

function cells(config: Config, { sent, ms, error, values }: Outcome): readonly unknown[] {
  const own = takesFields(config) ? config.fields.length : 1;
  const kept = config.onStatus === 'keep';
  return [
    ...(values.length === 0 ? Array.from({ length: own }, () => null) : values),
    ...(config.details || kept ? [sent?.status ?? null] : []),
    ...(config.details ? [sent === null ? null : JSON.stringify(sent.headers), ms] : []),
    ...(kept ? [error] : []),
  ];
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  check: (config) => [
    ...(/^[a-z][a-z\d+.-]*:/i.test(config.url) && !/^https?:/i.test(config.url) ? [{ field: 'url', message: 'Requests go to http: and https: addresses.', remedy: 'Write it like https://api.example.com/users/{id}.' }] : []),
    ...(/^[a-z][a-z\d+.-]*:\/*[^/?#]*\{/i.test(config.url) ? [{ field: 'url', message: 'A value of a row may not say which host is asked.', remedy: 'Write the host out; places for values may come after it.' }] : []),
    ...config.fields.flatMap(({ path, type }, index) => [
      ...(readPath(path) === null ? [{ field: `fields[${index}].path`, message: `“${path}” is not a path into JSON.`, remedy: 'Write it like $.address.city.' }] : []),
      ...(isKnownType(type.trim().toUpperCase()) ? [] : [{ field: `fields[${index}].type`, message: `“${type}” is not a type that a column of an answer can be given.`, remedy: `Use ${KNOWN_TYPES}; cast to another one after this node.` }]),
    ]),
  ],
  async *stream(config, input, context) {
    const client = await openFor(config, context);
    try {
      if (input !== null) yield* answered(config, client, input, context);
    } finally {
      await client.close();
    }
  },
});
