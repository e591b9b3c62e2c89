import type { ConnectionSpec } from '#shared/connections/connection';
import { clientKey, connectTimeout, host, password, port, tls, user } from '#shared/connections/kinds/common';
import type { Param } from '#shared/node-spec';

const database: Param = { name: 'database', label: { en: 'Database', zh: '数据库' }, help: { en: 'The name of the database on the server.', zh: '服务器上的数据库名称。' }, widget: { kind: 'text', maxLength: 128 }, required: true };

const file = (extensions: readonly string[]): readonly Param[] => [
  { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'The database’s file. A path that is not absolute starts at the workflow’s folder.', zh: '数据库文件。非绝对路径从工作流所在文件夹开始。' }, widget: { kind: 'path', mode: 'open', extensions }, required: true },
  { name: 'create', label: { en: 'Create it', zh: '自动创建' }, help: { en: 'Make the file when something is written and it isn’t there.', zh: '写入时若文件不存在则创建。' }, widget: { kind: 'boolean' }, default: false },
];

export const postgresql: ConnectionSpec = {
  kind: 'postgresql', label: { en: 'PostgreSQL', zh: 'PostgreSQL' }, icon: 'database',
  summary: { en: 'A PostgreSQL database, or one that speaks its protocol.', zh: 'PostgreSQL 数据库，或使用相同协议的数据库。' },
  params: [host, port(5432), database, user, ...tls, connectTimeout], secrets: [password, clientKey],
};

export const mysql: ConnectionSpec = {
  kind: 'mysql', label: { en: 'MySQL / MariaDB', zh: 'MySQL / MariaDB' }, icon: 'database',
  summary: { en: 'A MySQL or MariaDB database.', zh: 'MySQL 或 MariaDB 数据库。' },
  params: [host, port(3306), database, user, ...tls, connectTimeout], secrets: [password, clientKey],
};

export const sqlite: ConnectionSpec = {
  kind: 'sqlite', label: { en: 'SQLite', zh: 'SQLite' }, icon: 'file-box',
  summary: { en: 'A SQLite database in a file.', zh: '文件形式的 SQLite 数据库。' },
  params: file(['sqlite', 'sqlite3', 'db']), secrets: [],
};

export const duckdb: ConnectionSpec = {
  kind: 'duckdb', label: { en: 'DuckDB', zh: 'DuckDB' }, icon: 'file-box',
  summary: { en: 'A DuckDB database in a file.', zh: '文件形式的 DuckDB 数据库。' },
  params: file(['duckdb', 'ddb', 'db']), secrets: [],
};
