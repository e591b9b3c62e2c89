import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

export interface Quake {
  readonly id: string;
  readonly properties: { readonly mag: number | null; readonly place: string | null; readonly time: number; readonly updated: number };
  readonly geometry: { readonly coordinates: readonly [longitude: number, latitude: number, depth: number] };
}

/** A week of real earthquakes, as the U.S. Geological Survey answers. */
export const quakes = (JSON.parse(readFileSync(resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/earthquakes.json'), 'utf8')) as { readonly features: readonly Quake[] }).features;

/** A refusal, and what it says besides. */
export interface Refusal {
  readonly page: number;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The survey's service on loopback, which gives pages and tells the next one by a Link header. */
export interface QuakeService {
  readonly baseUrl: string;
  /** What it knows. */
  serve(known: readonly Quake[]): void;
  /** These refusals come first, each once. */
  refuse(refusals: readonly Refusal[]): void;
  /** What was asked for, and when, in ms since the service began. */
  readonly asked: readonly { readonly page: number; readonly status: number; readonly at: number; readonly query: string }[];
  close(): Promise<void>;
}

export const PAGE = 200;

export async function startQuakes(): Promise<QuakeService> {
  const began = performance.now();
  const asked: { page: number; status: number; at: number; query: string }[] = [];
  let known: readonly Quake[] = [];
  let refusals: readonly Refusal[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
    const page = Number(url.searchParams.get('page') ?? 1);
    const refusal = refusals.find((one) => one.page === page);
    refusals = refusals.filter((one) => one !== refusal);
    const status = url.pathname === '/v1/query' ? (refusal?.status ?? 200) : 404;
    asked.push({ page, status, at: performance.now() - began, query: url.search });
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    response.writeHead(status, { 'content-type': 'application/json', ...refusal?.headers, ...(page * PAGE < known.length ? { link: `<${next.href}>; rel="next"` } : {}) });
    response.end(JSON.stringify(status === 200 ? { type: 'FeatureCollection', features: known.slice((page - 1) * PAGE, page * PAGE) } : { error: 'Not now.' }));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    serve: (some) => void (known = some),
    refuse: (some) => void (refusals = some),
    asked,
    close: () => new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    }),
  };
}

/** The table that is to come of them, worked out here a second time: by id, as PostgreSQL writes its values. */
export const tableOf = (known: readonly Quake[]): readonly (readonly (string | null)[])[] =>
  known
    .flatMap(({ id, properties: { mag, place, time, updated }, geometry: { coordinates } }) => (mag === null ? [] : [[id, mag.toFixed(2), place, String(time), String(updated), ...coordinates.map(String)]]))
    .toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));

/** The statement that reads that table. */
export const TABLE = `SELECT id, magnitude, place, round(extract(epoch FROM happened) * 1000)::bigint, round(extract(epoch FROM updated) * 1000)::bigint, longitude, latitude, depth_km FROM earthquakes ORDER BY id COLLATE "C"`;
