import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

/** A person's own SELECT over up to three inputs. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'sql.transform',
  label: { en: 'SQL', zh: 'SQL' },
  summary: { en: 'Any SELECT over the rows of `input`, `input2` and `input3`.', zh: '对 `input`、`input2`、`input3` 的行执行任意 SELECT。' },
  icon: 'database',
  inputs: [
    { name: 'input', label: { en: 'input', zh: 'input' }, many: true },
    { name: 'input2', label: { en: 'input2', zh: 'input2' }, many: true, optional: true },
    { name: 'input3', label: { en: 'input3', zh: 'input3' }, many: true, optional: true },
  ],
  outputs: [ROWS_OUT],
  params: [
    {
      name: 'query',
      label: { en: 'Query', zh: '查询' },
      help: { en: 'One SELECT in DuckDB’s SQL; the inputs are the tables `input`, `input2` and `input3`. It can’t read files.', zh: '一条 DuckDB SELECT；输入即表 `input`、`input2`、`input3`。不能读取文件。' },
      widget: { kind: 'expression', scope: 'query', placeholder: 'SELECT category, sum(amount) AS total FROM input GROUP BY category' },
      required: true,
    },
    {
      name: 'params',
      label: { en: 'Parameters', zh: '参数' },
      help: { en: 'Values for `:name` (or `$name`) in the query. A value is always one value, whatever it holds.', zh: '查询中 `:name`（或 `$name`）的取值。无论内容如何，始终只是一个值。' },
      widget: { kind: 'map', keyLabel: { en: 'Name', zh: '名称' }, valueLabel: { en: 'Value', zh: '值' } },
      default: {},
    },
  ],
  keywords: ['select', 'join', 'query', 'duckdb', '查询', '连接'],
  repeatable: true,
};
