/** Words that stand for something else each time: the engine's functions of that kind, the clock's, samples, and what hangs on the order of threads. */
const VOLATILE =
  /\b(random|setseed|uuid|gen_random_uuid|uuidv4|uuidv7|now|today|age|current_\w+|localtime|localtimestamp|nextval|currval|get_current_\w+|transaction_timestamp|txid_current|in_search_path|sample|tablesample|shuffle|approx_\w+|reservoir_\w+|stats|write_log|sleep_ms)\b/i;

/** May what this text stands for (SQL, or a lineage) be something else the next time? */
export const isVolatile = (text: string): boolean => VOLATILE.test(text);
