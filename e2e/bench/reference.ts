/** One process, one statement: `node reference.js W2 INPUT OUTPUT`. */
import { DuckDBInstance } from '@duckdb/node-api';
import { statement } from './statements.ts';
import type { Case } from './statements.ts';

const [which, input, output] = process.argv.slice(2) as [Case, string, string];
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
await connection.run(statement[which](input, output));
process.exit(0);
