const VOLATILE = /\b(random|uuid|gen_random_uuid|uuidv4|uuidv7|now|today|age|current_\w+|localtime|localtimestamp|nextval|get_current_\w+|transaction_timestamp|sample|shuffle)\b/i;

/** May what this text stands for (SQL, or a lineage) be something else the next time? */
export const isVolatile = (text: string): boolean => VOLATILE.test(text);
