import type { Column } from '#shared/data';
import { failed, isFloating, isNumeric, isWhole, nearest, text, WHITESPACE } from '../sql.ts';

type Make = (operand: string, argument: string) => string;

const TEXT: Readonly<Record<string, Make>> = {
  toUpperCase: (x) => `upper(${x})`,
  toLowerCase: (x) => `lower(${x})`,
  capitalize: (x) => `upper(${x}[1]) || lower(${x}[2:])`,
  trim: (x) => `trim(${x}, ${WHITESPACE})`,
  trimStart: (x) => `ltrim(${x}, ${WHITESPACE})`,
  trimEnd: (x) => `rtrim(${x}, ${WHITESPACE})`,
  reverse: (x) => `reverse(${x})`,
  length: (x) => `length(${x})`,
};
const TEXT_WITH: Readonly<Record<string, Make>> = {
  prefix: (x, a) => `${text(a)} || ${x}`,
  suffix: (x, a) => `${x} || ${text(a)}`,
};
const NUMBER: Readonly<Record<string, Make>> = {
  abs: (x) => `abs(${x})`,
  negate: (x) => `-(${x})`,
  round: (x) => `round(${x})`,
  floor: (x) => `floor(${x})`,
  ceil: (x) => `ceil(${x})`,
  sqrt: (x) => `sqrt(${x})`,
  toNumber: (x) => x,
};
const NUMBER_WITH: Readonly<Record<string, Make>> = {
  add: (x, a) => `${x} + ${a}`,
  subtract: (x, a) => `${x} - ${a}`,
  multiply: (x, a) => `${x} * ${a}`,
  divide: (x, a) => `${x} / ${a}`,
  modulo: (x, a) => `${x} % ${a}`,
  power: (x, a) => `power(${x}, ${a})`,
  round: (x, a) => `round(${x}, ${a})`,
};
const ALONE: readonly string[] = [...Object.keys(TEXT), ...Object.keys(NUMBER), 'toString'];
const WITH: readonly string[] = [...Object.keys(TEXT_WITH), ...Object.keys(NUMBER_WITH)];
const SPELLED: ReadonlyMap<string, string> = new Map([...ALONE, ...WITH, 'upper:toUpperCase', 'uppercase:toUpperCase', 'lower:toLowerCase', 'lowercase:toLowerCase', 'len:length'].map((one) => {
  const [name = one, means = one] = one.split(':');
  return [name.toLowerCase(), means];
}));

interface Operation {
  readonly name: string;
  readonly argument: string | undefined;
}

function split(operation: string): Operation {
  const colon = operation.indexOf(':');
  const name = (colon < 0 ? operation : operation.slice(0, colon)).trim();
  return { name: SPELLED.get(name.toLowerCase()) ?? name, argument: colon < 0 ? undefined : operation.slice(colon + 1) };
}

/** What is wrong with the text of an operation, if anything: the window shows it while it is typed. */
export function problemOf(operation: string): { readonly message: string; readonly remedy: string } | undefined {
  const { name, argument } = split(operation);
  const remedy = `Known are: ${[...ALONE, ...WITH.map((one) => `${one}:…`)].join(', ')}.`;
  if (argument === undefined) {
    if (ALONE.includes(name)) return undefined;
    if (WITH.includes(name)) return { message: `The operation “${name}” needs an argument.`, remedy: `Write ${name}:… with the argument after the colon.` };
    const near = nearest(name, [...ALONE, ...WITH]);
    return { message: `There is no operation “${name}”.`, remedy: near === undefined ? remedy : `Did you mean “${near}”? ${remedy}` };
  }
  if (Object.hasOwn(TEXT_WITH, name)) return undefined;
  if (!Object.hasOwn(NUMBER_WITH, name)) return ALONE.includes(name) ? { message: `The operation “${name}” takes no argument.`, remedy: `Write ${name} alone.` } : { message: `There is no operation “${name}”.`, remedy };
  if (!/^\s*-?\d+(\.\d+)?\s*$/.test(argument)) return { message: `The argument of “${name}” is not a number: “${argument}”.`, remedy: `Write a number, as in ${name}:2.` };
  return (name === 'divide' || name === 'modulo') && Number(argument) === 0 ? { message: `“${name}” by 0 has no result.`, remedy: 'Use another number.' } : undefined;
}

/** How a value that can't be used fails: with a sentence that names the column, or with the engine's own, which it can be told to catch. */
export type Failing = 'named' | 'caught';

/** A number to compute with: narrow whole numbers are widened, texts are read as numbers and a text that is none is an error. */
function numeric(operand: string, column: Column, failing: Failing): string {
  if (/^U?(TINYINT|SMALLINT|INTEGER)$/.test(column.type)) return `CAST(${operand} AS BIGINT)`;
  if (isNumeric(column.type)) return operand;
  if (column.type !== 'VARCHAR') throw failed('operation', `The column “${column.name}” is ${column.type}, not a number.`, 'Choose a column of numbers, or write an expression.');
  if (failing === 'caught') return `CAST(trim(${operand}) AS DOUBLE)`;
  const read = `TRY_CAST(trim(${operand}) AS DOUBLE)`;
  return `CASE WHEN ${operand} IS NOT NULL AND ${read} IS NULL THEN error(${text(`The column “${column.name}” holds a text that is not a number: `)} || ${operand}) ELSE ${read} END`;
}

const made = (table: Readonly<Record<string, Make>>, name: string): Make | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);

/** The SQL of an operation on a column. The text has passed `problemOf`. */
export function operationSql(operation: string, operand: string, column: Column, failing: Failing = 'named'): string {
  const { name, argument } = split(operation);
  const asText = column.type === 'VARCHAR' ? operand : `CAST(${operand} AS VARCHAR)`;
  const textual = made(argument === undefined ? TEXT : TEXT_WITH, name);
  if (textual !== undefined) return textual(asText, argument ?? '');
  if (name === 'toString') return asText;
  const make = made(argument === undefined ? NUMBER : NUMBER_WITH, name);
  if (make === undefined) throw failed('operation', `There is no operation “${operation}”.`, problemOf(operation)?.remedy ?? '');
  const trimmed = (argument ?? '').trim();
  // On floating columns the argument is floating too, or 1.5 would be a DECIMAL and NaN could not stay what it is.
  const number = argument !== undefined && name !== 'round' && (isFloating(column.type) || !(isWhole(column.type) || column.type.startsWith('DECIMAL'))) ? `(${trimmed})::DOUBLE` : `(${trimmed})`;
  return make(`(${numeric(operand, column, failing)})`, number);
}
