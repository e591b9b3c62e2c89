import type { SqlDriver } from '../sql/driver.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** MySQL and MariaDB. Rows come unbuffered by the binary protocol; they go by INSERTs of many rows. */
const driver: SqlDriver = { read, write };
export default driver;
