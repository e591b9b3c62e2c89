/** The reference: what one fused DuckDB statement does for W2 and W3, with the columns given, as a person who knows DuckDB writes it. */
export type Case = 'W2' | 'W3';

const read = (input: string): string =>
  `read_csv('${input}', header = true, auto_detect = false, delim = ',', quote = '"', columns = {'id': 'BIGINT', 'ts': 'TIMESTAMP', 'category': 'VARCHAR', 'amount': 'DOUBLE', 'note': 'VARCHAR'})`;

export const statement: Readonly<Record<Case, (input: string, output: string) => string>> = {
  W2: (input, output) =>
    `COPY (SELECT category, sum(amount * 1.1) AS sum_gross, count(*) AS rows FROM ${read(input)} WHERE amount > 400 GROUP BY category) TO '${output}' (FORMAT csv, HEADER)`,
  W3: (input, output) => `COPY (SELECT *, amount * 1.1 AS gross FROM ${read(input)} WHERE amount > 400) TO '${output}' (FORMAT csv, HEADER)`,
};

const node = (id: string, type: string, nodeType: string, config: object, x: number): object => ({ id, type, nodeType, position: { x, y: 0 }, config });

/** The same work as a workflow file. */
export function workflow(which: Case, input: string, output: string): object {
  const nodes = [
    node('read', 'source', 'file.csv', { path: input }, 0),
    node('keep', 'transform', 'filter.condition', { condition: 'amount > 400' }, 250),
    node('gross', 'transform', 'map.transform', { columns: [{ name: 'gross', expression: 'amount * 1.1' }] }, 500),
    ...(which === 'W2' ? [node('sum', 'transform', 'aggregate.sum', { field: 'gross', groupBy: ['category'], also: ['count'] }, 750)] : []),
    node('write', 'sink', 'file.text', { path: output, format: 'csv' }, 1000),
  ] as { id: string }[];
  const edges = nodes.slice(1).map((to, index) => ({ id: `e${index}`, source: nodes[index]?.id, target: to.id }));
  return { formatVersion: 1, id: `bench-${which.toLowerCase()}`, name: `Bench ${which}`, nodes, edges };
}
