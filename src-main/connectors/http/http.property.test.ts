import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPrivate } from './address.ts';
import { csvRecords } from './csv.ts';
import { at, isExact, parseExact, readPath } from './json.ts';
import type { JsonValue } from './json.ts';
import { see, typeOf } from './kinds.ts';
import type { Seen } from './kinds.ts';
import { ordered } from './ordered.ts';
import { nextLink } from './paging.ts';
import { addressOf } from './url.ts';

const octets = (...first: readonly number[]): fc.Arbitrary<string> =>
  fc.tuple(...Array.from({ length: 4 - first.length }, () => fc.integer({ min: 0, max: 255 }))).map((rest) => [...first, ...rest].join('.'));
const inside = fc.oneof(octets(0), octets(10), octets(127), octets(169, 254), octets(192, 168), octets(240), fc.integer({ min: 16, max: 31 }).chain((second) => octets(172, second)), fc.integer({ min: 64, max: 127 }).chain((second) => octets(100, second)));
const hex = (address: string): readonly string[] => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
};

test('an address of this computer or its network is private in every spelling', () => {
  fc.assert(fc.property(inside, (address) => {
    const [high = '', low = ''] = hex(address);
    const spelled = [address, `::ffff:${address}`, `::ffff:${high}:${low}`, `0:0:0:0:0:ffff:${high}:${low}`, `[::FFFF:${address}]`, `64:ff9b::${address}`, `2002:${high}:${low}::1`];
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
    const written = [((a * 256 + b) * 256 + c) * 256 + d, `0x${(((a * 256 + b) * 256 + c) * 256 + d).toString(16)}`, `${a}.${b}.${c * 256 + d}`, `0${a.toString(8)}.0${b.toString(8)}.${c}.${d}`].map((one) => new URL(`http://${one}/`).hostname);
    for (const one of [...spelled, ...written]) expect(isPrivate(one), one).toBe(true);
  }));
});

test('addresses of the internet are not', () => {
  for (const address of ['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.255.255', '100.128.0.0', '169.253.1.1', '192.167.1.1', '203.0.114.1', '2606:4700::1111', '2a00:1450:4001::200e', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8']) expect(isPrivate(address), address).toBe(false);
  for (const address of ['::1', '::', 'fc00::1', 'fdff::1', 'fe80::1%eth0', 'febf::1', 'ff02::1', '2001:db8::1', 'not an address', '']) expect(isPrivate(address), address).toBe(true);
});

test('JSON is read as JSON.parse reads it, but no digit of a number is lost', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(JSON.stringify(parseExact(JSON.stringify(value)))).toBe(JSON.stringify(value));
  }));
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat({ max: 10 ** 9 }), (whole, fraction) => {
    for (const number of [String(whole), `${whole}.${fraction}1`]) {
      const parsed = parseExact(`{"n":[${number}]}`);
      const found = at(parsed, ['n', 0]);
      expect(isExact(found) ? found.rawJSON : JSON.stringify(found)).toBe(number);
      expect(JSON.stringify(parsed)).toBe(`{"n":[${number}]}`);
    }
  }));
});

const typed = (...values: readonly JsonValue[]): string => {
  const seen: Seen = { flags: 0, scale: 0, whole: 0 };
  for (const value of values) see(seen, value);
  return typeOf(seen);
};

test('the type of a column holds all its values', () => {
  expect([typed(), typed(null), typed(1, null), typed(1, 1.5), typed(true), typed(true, 1), typed('a', 1), typed([1]), typed({}, 'a'), typed(parseExact('0.30000000000000004'))]).toEqual(['VARCHAR', 'VARCHAR', 'BIGINT', 'DOUBLE', 'BOOLEAN', 'VARCHAR', 'VARCHAR', 'JSON', 'JSON', 'DOUBLE']);
  expect([typed(parseExact('9223372036854775807')), typed(parseExact('9223372036854775808')), typed(parseExact('1e30')), typed(parseExact('1e999')), typed(parseExact(`1${'0'.repeat(40)}`)), typed(parseExact('12345678901234567.8'), 1), typed(parseExact('9223372036854775807'), 0.5), typed(parseExact('12345678901234567.8'), 1e-9)])
    .toEqual(['BIGINT', 'HUGEINT', 'DOUBLE', 'VARCHAR', 'VARCHAR', 'DECIMAL(38,1)', 'DECIMAL(38,1)', 'VARCHAR']);
});

test('a table that is written as CSV is read back', () => {
  const field = fc.string({ minLength: 1 });
  const table = fc.integer({ min: 2, max: 4 }).chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));
  fc.assert(fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
    const names = rows[0]?.map((_field, index) => `c${index}`) ?? [];
    const text = [names, ...rows].map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join(end);
    expect([...csvRecords(text)].map((row) => Object.values(row))).toEqual(rows);
  }));
});

test('paths into JSON', () => {
  expect([readPath(''), readPath('$'), readPath('a'), readPath('$.a.b[2].c'), readPath(`$['a.b']["c]"]`), readPath('$[0]'), readPath(String.raw`$['it\'s']`)]).toEqual([[], [], ['a'], ['a', 'b', 2, 'c'], ['a.b', 'c]'], [0], ["it's"]]);
  for (const wrong of ['$..a', '$.a[', '$[x]', '$.a.', '$.a[-1]', '$.*.']) expect(readPath(wrong), wrong).toBeNull();
  expect([at({ a: [{ b: 1 }] }, ['a', 0, 'b']), at({ a: 1 }, ['a', 'b']), at({}, ['__proto__']), at([1], [5]), at(null, ['a'])]).toEqual([1, undefined, undefined, undefined, undefined]);
});

test('the next page out of a Link header', () => {
  expect([nextLink('<https://x.test/a?p=2>; rel="next", <https://x.test/a?p=9>; rel="last"'), nextLink('</b>; rel=next'), nextLink('<a,b>; title="rel=next, x"; rel="prev"'), nextLink('<c>; REL="Last NEXT"'), nextLink(undefined), nextLink('')]).toEqual(['https://x.test/a?p=2', '/b', null, 'c', null, null]);
});

test('an address with any value filled in stays at its host and below its path', () => {
  const base = new URL('https://api.test/v1/');
  fc.assert(fc.property(fc.string({ minLength: 1, unit: 'binary' }).filter((value) => value.isWellFormed()), (value) => {
    const written = '/users/{id}/posts';
    try {
      const url = addressOf(written.replace('{id}', () => encodeURIComponent(value)), base, written);
      expect([url.origin, url.search, url.hash, url.pathname.split('/').length]).toEqual(['https://api.test', '', '', 5]);
      expect(decodeURIComponent(url.pathname.split('/')[3] ?? '')).toBe(value);
    } catch (thrown) {
      expect([['.', '..'].includes(value), thrown]).toMatchObject([true, { code: 'node_failed' }]);
    }
  }));
  expect(() => addressOf('/users/%2e%2E/x', base, '/users/{id}/x')).toThrow(/would lead elsewhere/);
});

test('results come in order, and no more run at once than allowed', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), async (turns, most) => {
    let running = 0;
    let peak = 0;
    async function* items(): AsyncGenerator<readonly [number, number]> {
      yield* turns.map((turn, index) => [turn, index] as const);
    }
    const results: number[] = [];
    const work = async ([turn, index]: readonly [number, number]): Promise<number> => {
      peak = Math.max(peak, (running += 1));
      for (let left = turn; left > 0; left -= 1) await new Promise((resolve) => void setImmediate(resolve));
      running -= 1;
      return index;
    };
    for await (const result of ordered(items(), most, work)) results.push(result);
    expect([results, peak <= most]).toEqual([turns.map((_turn, index) => index), true]);
  }));
});

test('the first failure ends it, and the input is closed', async () => {
  let closed = false;
  async function* items(): AsyncGenerator<number> {
    try {
      for (let item = 0; ; item += 1) yield item;
    } finally {
      closed = true;
    }
  }
  const results: number[] = [];
  const failing = (async () => {
    for await (const result of ordered(items(), 3, async (item) => { if (item >= 2) throw new Error(`item ${item}`); return item; })) results.push(result);
  })();
  await expect(failing).rejects.toThrow('item 2');
  expect([results, closed]).toEqual([[0, 1], true]);
});
