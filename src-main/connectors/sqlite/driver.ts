import type { SqlDriver } from '../sql/driver.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** SQLite in a file, by the library itself in this process. A single step of a query (a sort of everything) can't be interrupted; between rows it can. */
const driver: SqlDriver = { read, write };
export default driver;
