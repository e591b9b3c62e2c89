import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** The rows of a query that a database answers, as they come. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'sql.query',
  label: { en: 'Database query', zh: '数据库查询' },
  summary: { en: 'Reads the rows of a query from PostgreSQL, MySQL, MariaDB, SQLite or DuckDB, however many there are.', zh: '从 PostgreSQL、MySQL、MariaDB、SQLite 或 DuckDB 读取查询结果，行数不限。' },
  icon: 'database',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    { name: 'connection', label: { en: 'Connection', zh: '连接' }, help: { en: 'The database to ask; connections are kept in the settings.', zh: '要查询的数据库；连接在设置中管理。' }, widget: { kind: 'connection', kinds: ['postgresql', 'mysql', 'sqlite', 'duckdb'] }, required: true },
    { name: 'query', label: { en: 'Query', zh: '查询' }, help: { en: 'One statement that gives rows, in the database’s own SQL. It can’t change anything there.', zh: '一条返回行的语句，使用该数据库自己的 SQL；不能修改数据库。' }, widget: { kind: 'multiline', language: 'sql', placeholder: 'SELECT * FROM orders WHERE placed >= :since' }, required: true },
    {
      name: 'params', label: { en: 'Parameters', zh: '参数' }, help: { en: 'Values for `:name` in the query. A value is always one value, whatever it holds.', zh: '查询中 `:name` 的取值。无论内容如何，始终只是一个值。' },
      widget: {
        kind: 'list',
        addLabel: { en: 'Add a parameter', zh: '添加参数' },
        item: [
          { name: 'name', label: { en: 'Name', zh: '名称' }, help: { en: 'As the query names it, without the colon.', zh: '查询中使用的名称，不含冒号。' }, widget: { kind: 'text', placeholder: 'since', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', maxLength: 100 }, required: true },
          {
            name: 'type', label: { en: 'Type', zh: '类型' }, help: { en: 'What the value is sent as; automatic leaves that to the database.', zh: '值以何种类型发送；“自动”由数据库决定。' },
            widget: { kind: 'select', options: [option('auto', 'Automatic', '自动'), option('text', 'Text', '文本'), option('integer', 'Whole number', '整数'), option('decimal', 'Decimal', '小数'), option('double', 'Floating number', '浮点数'), option('boolean', 'Yes or no', '布尔'), option('date', 'Date', '日期'), option('timestamp', 'Date and time', '日期时间'), option('json', 'JSON', 'JSON')] },
            default: 'auto',
          },
          { name: 'value', label: { en: 'Value', zh: '值' }, help: { en: 'The value itself, without quotes.', zh: '值本身，不加引号。' }, widget: { kind: 'text', placeholder: '2026-01-01' }, default: '' },
        ],
      },
      default: [],
    },
    { name: 'fetchRows', label: { en: 'Rows at a time', zh: '每次行数' }, help: { en: 'How many rows the server sends before it waits; less saves memory where rows are large.', zh: '服务器每次发送的行数；行很大时减小可节省内存。' }, widget: { kind: 'number', integer: true, min: 1, max: 100_000 }, default: 4096, advanced: true },
  ],
  keywords: ['sql', 'select', 'postgres', 'mysql', 'mariadb', 'sqlite', 'duckdb', 'read', '数据库', '读取'],
  repeatable: false,
};
