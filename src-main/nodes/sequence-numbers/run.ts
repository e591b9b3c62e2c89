import { describing } from '../define.ts';
import { enclosed, ident, out } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly fields: readonly { readonly name: string; readonly expression: string }[];
}

/** Digits after the point, or nothing for numbers that are written with an exponent. */
function decimals(value: number): number | undefined {
  const written = String(value);
  if (/e/i.test(written)) return undefined;
  return written.split('.')[1]?.length ?? 0;
}

/**
 * The numbers and how many there are. Fractions are counted in whole units of the last decimal and divided once, so that 0.1 × 3
 * is 0.3; numbers too long for that are computed as start + i × step.
 */
function numbers({ start, end, step }: Config): { readonly sql: string; readonly count: number } {
  const places = [start, end, step].map(decimals);
  const scale = 10 ** Math.max(...places.map((place) => place ?? 0));
  const units = [start, end, step].map((value) => Math.round(value * scale));
  const [from = 0, to = 0, by = 1] = units;
  if (!places.includes(undefined) && units.every((unit) => Number.isSafeInteger(unit)) && by !== 0) {
    const count = Math.max(0, Math.floor((to - from) / by) + 1);
    const range = `range(${from}::BIGINT, ${BigInt(to) + (by > 0 ? 1n : -1n)}::BIGINT, ${by}::BIGINT)`;
    return { sql: scale === 1 ? `SELECT range AS value FROM ${range}` : `SELECT range::DOUBLE / ${scale}::DOUBLE AS value FROM ${range}`, count };
  }
  const count = Math.max(0, Math.floor((end - start) / step + 1e-9) + 1);
  return { sql: `SELECT ${start}::DOUBLE + range * ${step}::DOUBLE AS value FROM range(0, ${count})`, count };
}

export default describing<Config>({
  spec,
  fusing: () => 'source',
  check: ({ start, end, step, fields }) => [
    ...(step === 0 ? [{ field: 'step', message: 'A step of 0 would never reach the end.', remedy: 'Use a step above 0 to count up, below 0 to count down.' }] : []),
    ...(step !== 0 && (end - start) / step > Number.MAX_SAFE_INTEGER ? [{ field: 'end', message: 'The sequence would have more than 9 quadrillion numbers.', remedy: 'Use a larger step or a nearer end.' }] : []),
    ...fields.flatMap((field, index) => (field.name.toLowerCase() === 'value' ? [{ field: `fields[${index}].name`, message: 'The column `value` holds the number itself.', remedy: 'Choose another name.' }] : [])),
    ...fields.flatMap((field, index) =>
      fields.findIndex((other) => other.name.toLowerCase() === field.name.toLowerCase()) < index ? [{ field: `fields[${index}].name`, message: `Two columns are called “${field.name}”.`, remedy: 'Rename one.' }] : []),
  ],
  texts: ({ fields }) => fields.map((field, index) => ({ field: `fields[${index}].expression`, text: field.expression, kind: 'expression' })),
  async describe(config, _inputs, context) {
    for (const [index, field] of config.fields.entries()) await context.checkExpression(field.expression, `fields[${index}].expression`);
    const { sql, count } = numbers(config);
    const computed = config.fields.map((field) => `, ${enclosed(field.expression)} AS ${ident(field.name)}`).join('');
    const notices = count === 0 ? [`No numbers: with a step of ${config.step} the sequence from ${config.start} never reaches ${config.end}.`] : [];
    return out(computed === '' ? sql : `SELECT value${computed} FROM (${sql})`, { expectedRows: count, notices });
  },
});
