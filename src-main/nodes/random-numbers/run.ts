import { createHash } from 'node:crypto';
import { describing } from '../define.ts';
import { out } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  readonly seed?: number;
}

const WORD = '4294967295::UBIGINT';

/** One round of Wellons' lowbias32 over column `column` of `from`: 32-bit arithmetic inside UBIGINT, which cannot overflow. */
const mixed = (from: string, column: string, key: number): string =>
  [
    { shift: 16, factor: 2146121005 },
    { shift: 15, factor: 2221713035 },
  ].reduce(
    (inner, { shift, factor }) => `SELECT * REPLACE (((xor(${column}, ${column} >> ${shift}) * ${factor}::UBIGINT) & ${WORD}) AS ${column}) FROM (${inner})`,
    `SELECT * REPLACE (xor(${column}, ${key}::UBIGINT) AS ${column}) FROM (${from})`,
  );

/** Two independent 32-bit words for each row number, from nothing but the row number and the seed: no state, so any thread order. */
function words(count: number, seed: number): string {
  const digest = createHash('sha256').update(`random.numbers ${seed}`).digest();
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = [0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset));
  const weyl = `((range::UBIGINT & ${WORD}) * 2654435769::UBIGINT + (range::UBIGINT >> 32)) & ${WORD}`;
  const start = `SELECT ${weyl} AS a, ${weyl} AS b FROM range(0, ${count})`;
  const once = mixed(mixed(start, 'a', k0), 'b', k1);
  const twice = mixed(mixed(once, 'a', k2), 'b', k3);
  return `SELECT xor(a, a >> 16) AS a, xor(b, b >> 16) AS b FROM (${twice})`;
}

/** A seed nobody gave: drawn from the run and the node, so that it differs by run and can be told. */
const drawn = (runId: string, nodeId: string): number => createHash('sha256').update(`${runId} ${nodeId}`).digest().readUIntLE(0, 4);

export default describing<Config>({
  spec,
  fusing: () => 'source',
  repeatable: ({ seed }) => seed !== undefined,
  check: ({ count, min, max, integer }) => [
    ...(count < 0 || !Number.isSafeInteger(count) ? [{ field: 'count', message: 'The count must be a whole number of 0 or more.' }] : []),
    ...(min > max ? [{ field: 'max', message: 'The largest number is below the smallest.', remedy: 'Exchange the two.' }] : []),
    ...(integer && Math.ceil(min) > Math.floor(max) && min <= max ? [{ field: 'max', message: 'There is no whole number between the smallest and the largest.', remedy: 'Widen the range or turn “Whole numbers” off.' }] : []),
    ...(integer && !(Number.isSafeInteger(Math.ceil(min)) && Number.isSafeInteger(Math.floor(max))) ? [{ field: 'max', message: 'Whole numbers go from −9007199254740991 to 9007199254740991.' }] : []),
  ],
  describe({ count, min, max, integer, seed }, _inputs, context) {
    const used = seed ?? drawn(context.runId, context.nodeId);
    const low = Math.ceil(min);
    const span = BigInt(Math.floor(max)) - BigInt(low) + 1n;
    const value = integer
      ? `${low}::BIGINT + CAST((a * 4294967296::UBIGINT + b) % ${span}::UBIGINT AS BIGINT)`
      : `${min}::DOUBLE + CAST(a * 2097152::UBIGINT + (b >> 11) AS DOUBLE) / 9007199254740992::DOUBLE * (${max}::DOUBLE - ${min}::DOUBLE)`;
    const telling = seed === undefined ? { counted: { seed: used }, notices: [`Seed ${used} was drawn for this run: enter it as the node’s seed to get the same numbers again.`] } : {};
    return out(`SELECT ${value} AS value FROM (${words(count, used)})`, { expectedRows: count, ...telling });
  },
});
