import type { SqlDriver } from '../sql/driver.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** A DuckDB file of a person's, in an instance of its own beside the run's session. */
const driver: SqlDriver = { read, write };
export default driver;
