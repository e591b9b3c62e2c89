import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** Rows put into a table, all of them or none. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'sql.write',
  label: { en: 'Write to database', zh: '写入数据库' },
  summary: { en: 'Writes the rows to a table of PostgreSQL, MySQL, MariaDB, SQLite or DuckDB in one transaction: all of them or none.', zh: '在一个事务中将行写入 PostgreSQL、MySQL、MariaDB、SQLite 或 DuckDB 的表：全部写入或全不写入。' },
  icon: 'database-zap',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'connection', label: { en: 'Connection', zh: '连接' }, help: { en: 'The database to write to; connections are kept in the settings.', zh: '要写入的数据库；连接在设置中管理。' }, widget: { kind: 'connection', kinds: ['postgresql', 'mysql', 'sqlite', 'duckdb'] }, required: true },
    { name: 'table', label: { en: 'Table', zh: '表' }, help: { en: 'The table’s name, with its schema before it where it needs one: sales.orders.', zh: '表名；需要时在前面加上模式名：sales.orders。' }, widget: { kind: 'text', placeholder: 'orders', maxLength: 400 }, required: true },
    {
      name: 'mode', label: { en: 'Mode', zh: '方式' }, help: { en: 'Add the rows, replace those that have the same keys, or empty the table first.', zh: '追加行、按键更新或插入、或先清空表再写入。' },
      widget: { kind: 'select', options: [option('insert', 'Add the rows', '追加'), option('upsert', 'Update or add by keys', '按键更新或插入'), option('truncate', 'Empty the table, then load', '清空后载入')] },
      default: 'insert',
    },
    { name: 'keys', label: { en: 'Keys', zh: '键' }, help: { en: 'The columns whose values tell rows apart; the table has a unique index over them. Of rows with the same keys the last one counts.', zh: '用于区分行的列；表在这些列上须有唯一索引。键相同的行以最后一行为准。' }, widget: { kind: 'columns' }, default: [], visibleWhen: { param: 'mode', equals: ['upsert'] } },
    { name: 'create', label: { en: 'Create the table', zh: '自动建表' }, help: { en: 'Make the table from the columns of the rows when it isn’t there.', zh: '表不存在时按行的列创建。' }, widget: { kind: 'boolean' }, default: false },
  ],
  keywords: ['sql', 'insert', 'upsert', 'postgres', 'mysql', 'mariadb', 'sqlite', 'duckdb', 'load', '数据库', '写入', '插入'],
  repeatable: false,
};
