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
  async describe({ query, params }, inputs, context) {
    const written = query.trim().replace(/;\s*$/, '');
    const sql = pieces(written).map((piece) => (piece.kind === 'text' ? piece.text : bound(piece.name, params))).join('');
    const tables = PORTS.filter((port) => inputs[port] !== undefined);
    await context.checkQuery(sql, 'query', tables);
    const given = tables.map((port) => `${ident(port)} AS (SELECT * FROM ${inputs[port]?.sql ?? ''})`).join(', ');
    return out(given === '' ? `SELECT * FROM (${sql}\n)` : `WITH ${given} SELECT * FROM (${sql}\n)`);
  },
});
