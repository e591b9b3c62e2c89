import { toErrorInfo } from '#shared/errors';
import type { Json } from '#shared/json';
import { describing } from '../define.ts';
import { failed, ident, literal, nearest, out } from '../sql.ts';
import { pieces } from './parameters.ts';
import { spec } from './spec.ts';

interface Config {
  readonly query: string;
  readonly params: Readonly<Record<string, Json>>;
}

const PORTS: readonly string[] = spec.inputs.map((port) => port.name);

/** What is wrong with the values of the parameters that the query uses. */
function* unbound(query: string, params: Config['params']): Generator<{ readonly field: string; readonly message: string; readonly remedy: string }> {
  const names = new Set(pieces(query).flatMap((piece) => (piece.kind === 'parameter' ? [piece.name] : [])));
  for (const name of names) {
    try {
      bound(name, params);
    } catch (error) {
      const { place, message, remedy } = toErrorInfo(error);
      yield { field: place ?? 'params', message, remedy: remedy ?? '' };
    }
  }
}

/** The query with its parameters' values in their places. */
const written = ({ query, params }: Config): string =>
  pieces(withoutEnd(query))
    .map((piece) => (piece.kind === 'text' ? piece.text : bound(piece.name, params)))
    .join('');

const withoutEnd = (query: string): string => query.trim().replace(/;\s*$/, '');

/** A parameter's value as one literal of the query's syntax tree. */
function bound(name: string, params: Config['params']): string {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (value === undefined) {
    const near = nearest(name, Object.keys(params));
    throw failed('params', `The query uses the parameter “${name}”, which has no value.`, near === undefined ? `Give “${name}” a value under “Parameters”.` : `Did you mean “${near}”? Otherwise give “${name}” a value.`);
  }
  if (value !== null && typeof value === 'object') throw failed(`params.${name}`, `The parameter “${name}” is neither a text, a number nor a boolean.`, 'Give one value.');
  return literal(value);
}

export default describing<Config>({
  spec,
  fusing: () => 'query',
  check: ({ query, params }) => (typeof query === 'string' ? [...unbound(withoutEnd(query), params)] : []),
  texts: (config, ports) => [{ field: 'query', text: written(config), kind: 'query', tables: PORTS.filter((port) => ports.has(port)) }],
  async describe(config, inputs, context) {
    const sql = written(config);
    const tables = PORTS.filter((port) => inputs[port] !== undefined);
    await context.checkQuery(sql, 'query', tables);
    const given = tables.map((port) => `${ident(port)} AS (SELECT * FROM ${inputs[port]?.sql ?? ''})`).join(', ');
    return out(given === '' ? `SELECT * FROM (${sql}\n)` : `WITH ${given} SELECT * FROM (${sql}\n)`);
  },
});
