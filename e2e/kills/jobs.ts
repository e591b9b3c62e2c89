import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A node of a job: what it is, its config, and what else stands on it (retry, checkpoint, onError). */
type Step = readonly [type: string, nodeType: string, config?: object, more?: object];

interface Sketch {
  readonly steps: Readonly<Record<string, Step>>;
  /** `a>b`, with ports `a.rejected>b.input2`. */
  readonly edges: readonly string[];
  readonly settings?: object;
}

const orders: Step = ['source', 'file.csv', { path: 'orders.csv' }];
const numbers = (end: number): Step => ['source', 'sequence.numbers', { start: 1, end, step: 1 }];
const write = (path: string, more: object = {}): Step => ['sink', 'file.text', { path, ...more }];
const filter = (condition: string, more: object = {}): Step => ['transform', 'filter.condition', { condition }, more];
const column = (name: string, expression: string, more: object = {}): Step => ['transform', 'map.transform', { columns: [{ name, expression }] }, more];
const sum = (more: object = {}): Step => ['transform', 'aggregate.sum', { field: 'amount', groupBy: ['category'], also: ['count'] }, more];
const chain = (...nodes: readonly string[]): readonly string[] => nodes.slice(1).map((node, index) => `${nodes[index]}>${node}`);
const times = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** What `k` is: the number of the job, and with it the beginning of the names of its files. */
const SKETCHES: Readonly<Record<string, (k: number) => Sketch>> = {
  plain: (k) => ({ steps: { orders, keep: filter('amount > 40'), sum: sum(), out: write(`${k}-plain.csv`) }, edges: chain('orders', 'keep', 'sum', 'out') }),
  joined: (k) => ({
    steps: {
      orders,
      big: filter('amount > 60'),
      sum: sum(),
      both: ['transform', 'sql.transform', { query: 'SELECT b.id, b.category, b.amount, s.count FROM input b JOIN input2 s USING (category) ORDER BY b.id' }],
      out: write(`${k}-joined.csv`),
      rest: write(`${k}-rest.ndjson`),
    },
    edges: ['orders>big', 'orders>sum', 'big>both.input', 'sum>both.input2', 'both>out', 'big.rejected>rest'],
  }),
  kept: (k) => ({
    steps: {
      n: numbers(30_000),
      hash: column('h', 'md5(value::VARCHAR)'),
      sorted: ['transform', 'data.transform', { rules: [{ type: 'sort', by: [{ column: 'h' }] }] }, { checkpoint: true }],
      first: filter("h < '2'"),
      a: write(`${k}-kept-a.csv`),
      b: write(`${k}-kept-b.parquet`),
    },
    edges: ['n>hash', 'hash>sorted', 'sorted>first', 'first>a', 'first.rejected>b'],
  }),
  /** One after the other, because two that add to one file at once would each save without the other's rows. The slow branch leaves time to die after the rows were added. */
  append: (k) => ({
    settings: { maxConcurrentRuns: 1 },
    steps: {
      rows: ['source', 'memory.collection', { data: times(40).map((n) => ({ job: k, n })) }],
      out: write('appended.csv', { append: true }),
      n: numbers(60_000),
      hash: column('h', 'md5(value::VARCHAR)'),
      slow: write(`${k}-append-slow.csv`),
    },
    edges: ['rows>out', 'n>hash', 'hash>slow'],
  }),
  lines: (k) => ({
    steps: { rows: ['source', 'memory.collection', { data: times(30).map((n) => ({ value: `job ${k} line ${n}` })) }], keep: filter("value <> ''", { checkpoint: true }), out: write(`${k}-lines.txt`, { append: true, format: 'text' }), show: ['sink', 'console.log', { limit: 3 }] },
    edges: ['rows>keep', 'keep>out', 'keep>show'],
  }),
  console: () => ({ steps: { orders, keep: filter('amount > 99'), show: ['sink', 'console.log', { limit: 5, format: 'json' }] }, edges: chain('orders', 'keep', 'show') }),
  late: (k) => ({
    steps: { wait: ['source', 'file.csv', { path: `late-${k}.csv`, columns: { id: 'BIGINT', amount: 'DOUBLE' } }, { retry: { attempts: 100, backoff: 'constant', initialMs: 40, maxMs: 40, jitter: 0 } }], more: column('twice', 'amount * 2'), out: write(`${k}-late.csv`) },
    edges: chain('wait', 'more', 'out'),
  }),
  /** Nobody can say what is in them, but it must be the same in all three. */
  volatile: (k) => ({
    steps: { n: numbers(20_000), dice: column('value', 'random()'), a: write(`${k}-volatile-a.csv`), b: write(`${k}-volatile-b.csv`), hash: column('h', 'md5(value::VARCHAR)'), only: ['transform', 'data.transform', { rules: [{ type: 'select', columns: ['value'] }] }], c: write(`${k}-volatile-c.csv`) },
    edges: ['n>dice', 'dice>a', 'dice>b', 'dice>hash', 'hash>only', 'only>c'],
  }),
  diceKept: (k) => ({
    steps: { n: numbers(20_000), dice: column('value', 'random()', { checkpoint: true }), a: write(`${k}-volatile-a.csv`), b: write(`${k}-volatile-b.csv`) },
    edges: ['n>dice', 'dice>a', 'dice>b'],
  }),
  long: (k) => ({
    steps: { n: numbers(500), ...Object.fromEntries(times(60).map((n) => [`s${n}`, n % 2 === 0 ? column('value', 'value + 1') : filter(`value <> ${n}`)])), out: write(`${k}-long.csv`) },
    edges: chain('n', ...times(60).map((n) => `s${n}`), 'out'),
  }),
  fan: (k) => ({
    steps: { orders, ...Object.fromEntries(times(8).flatMap((n) => [[`f${n}`, filter(`id % 8 = ${n}`)], [`o${n}`, write(`${k}-fan-${n}.csv`)]])) },
    edges: times(8).flatMap((n) => [`orders>f${n}`, `f${n}>o${n}`]),
  }),
  large: (k) => ({ steps: { n: numbers(200_000), hash: column('h', 'md5(value::VARCHAR)'), out: write(`${k}-large.csv`) }, edges: chain('n', 'hash', 'out') }),
  parquet: (k) => ({ steps: { n: numbers(120_000), hash: column('h', 'md5(value::VARCHAR)'), out: write(`${k}-rows.parquet`) }, edges: chain('n', 'hash', 'out') }),
  arrow: (k) => ({ steps: { orders, out: write(`${k}-orders.arrow`) }, edges: ['orders>out'] }),
  copied: (k) => ({ steps: { copy: ['sink', 'file.transfer', { source: 'tree', target: `${k}-copied/`, verify: 'sha256' }] }, edges: [] }),
  moved: (k) => ({ steps: { move: ['sink', 'file.transfer', { source: `from-${k}`, target: `${k}-moved/`, mode: 'move' }] }, edges: [] }),
  fails: (k) => ({ steps: { orders, bad: ['transform', 'data.clean', { types: { note: 'BIGINT' }, onBadType: 'fail' }], out: write(`${k}-never.csv`) }, edges: chain('orders', 'bad', 'out') }),
  goesOn: (k) => ({
    steps: { gone: ['source', 'file.csv', { path: 'never-there.csv' }, { onError: 'continue' }], nowhere: write(`${k}-nowhere.csv`), orders, out: write(`${k}-goes-on.csv`) },
    edges: ['gone>nowhere', 'orders>out'],
  }),
  diverted: (k) => ({
    steps: { orders, number: column('parsed', 'CAST(code AS BIGINT)', { onError: 'errorPort' }), good: write(`${k}-good.csv`), bad: write(`${k}-bad.ndjson`) },
    edges: ['orders>number', 'number>good', 'number.error>bad'],
  }),
};

/** For faults of their own kind; the campaign does not have them. */
const SPECIAL: typeof SKETCHES = {
  /** Limits of time that nothing but a wrong clock reaches. */
  timed: (k) => ({ settings: { timeoutMs: 60_000 }, steps: { n: ['source', 'sequence.numbers', { start: 1, end: 200_000, step: 1 }, { timeoutMs: 60_000 }], hash: column('h', 'md5(value::VARCHAR)', { timeoutMs: 60_000 }), out: write(`${k}-timed.csv`) }, edges: chain('n', 'hash', 'out') }),
  /** Tries again after half a second and after another one, and then gives up. */
  patient: (k) => ({
    steps: { gone: ['source', 'file.csv', { path: 'never-there.csv' }, { retry: { attempts: 3, backoff: 'constant', initialMs: 500, maxMs: 500, jitter: 0 } }], out: write(`${k}-patient.csv`) },
    edges: ['gone>out'],
  }),
  /** Seconds of work in one piece, these three: whoever wants to kill it in its midst comes in time. */
  asks: (k) => ({ settings: { recovery: 'ask' }, steps: { n: numbers(20_000_000), hash: column('h', 'md5(value::VARCHAR)'), keep: filter("h < '0001'"), out: write(`${k}-asks.csv`) }, edges: chain('n', 'hash', 'keep', 'out') }),
  gives: (k) => ({ settings: { recovery: 'fail' }, steps: { n: numbers(20_000_000), hash: column('h', 'md5(value::VARCHAR)'), keep: filter("h < '0001'"), out: write(`${k}-gives.csv`) }, edges: chain('n', 'hash', 'keep', 'out') }),
  heavy: (k) => ({ steps: { n: numbers(20_000_000), hash: column('h', 'md5(value::VARCHAR)'), keep: filter("h < '0001'"), out: write(`${k}-heavy.csv`) }, edges: chain('n', 'hash', 'keep', 'out') }),
  /** 2,500 queries of two nodes each. */
  crowd: () => ({
    steps: Object.fromEntries(times(2500).flatMap((n) => [[`n${n}`, numbers(3)], [`show${n}`, ['sink', 'console.log', { limit: 0 }] as Step]])),
    edges: times(2500).map((n) => `n${n}>show${n}`),
  }),
};

export const KINDS = Object.keys(SKETCHES);

export interface Job {
  readonly k: number;
  readonly kind: string;
  readonly workflow: object;
}

function edge(text: string, index: number): object {
  const [from = '', to = ''] = text.split('>');
  const [source, sourcePort] = from.split('.');
  const [target, targetPort] = to.split('.');
  return { id: `e${index}`, source, target, ...(sourcePort === undefined ? {} : { sourcePort }), ...(targetPort === undefined ? {} : { targetPort }) };
}

/** The job of number `k` and that kind, as a workflow's file has it. */
export function job(k: number, kind: string): Job {
  const sketch = (SKETCHES[kind] ?? SPECIAL[kind])?.(k);
  if (sketch === undefined) throw new Error(`There is no job of the kind ${kind}.`);
  const nodes = Object.entries(sketch.steps).map(([id, [type, nodeType, config = {}, more = {}]]) => ({ id, type, nodeType, config, ...more }));
  return { k, kind, workflow: { formatVersion: 1, id: kind, name: `${k} ${kind}`, settings: sketch.settings ?? {}, nodes, edges: sketch.edges.map(edge) } };
}

export const jobOf = (workflowName: string): number => Number(workflowName.split(' ')[0]);

/** What is in a file that the job `lines` adds to. */
export const BEFORE = 'was there before\n';

/** What the source of the job `late` waits for. */
export const LATE = 'id,amount\n1,10\n2,20\n3,30\n';

/** The folder that the jobs read and write: what they need is in it, and nothing of theirs. */
export function layOut(folder: string, jobs: readonly Job[]): void {
  mkdirSync(join(folder, 'tree', 'deep'), { recursive: true });
  const rows = times(4000).map((n) => `${n},c${n % 13},${n % 101},${n % 17 === 0 ? 'x' : n},note ${n}`);
  writeFileSync(join(folder, 'orders.csv'), `id,category,amount,code,note\n${rows.join('\n')}\n`);
  const fill = (into: string): void => {
    for (const n of times(4)) writeFileSync(join(folder, into, `file-${n}.bin`), Buffer.alloc(300_000 + n, `${into}${n}`));
  };
  for (const into of ['tree', 'tree/deep']) fill(into);
  for (const { k } of jobs.filter(({ kind }) => kind === 'moved')) {
    mkdirSync(join(folder, `from-${k}`));
    fill(`from-${k}`);
  }
  for (const { k } of jobs.filter(({ kind }) => kind === 'lines')) writeFileSync(join(folder, `${k}-lines.txt`), BEFORE);
}
