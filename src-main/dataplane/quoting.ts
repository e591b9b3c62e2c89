/** A name as SQL writes it, whatever characters it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of text literals. */
export const quoteList = (texts: readonly string[]): string => `[${texts.map(quoteText).join(', ')}]`;

/** Several relations read as one: missing columns are NULL. */
export const unionOf = (relations: readonly string[]): string => `(${relations.map((sql) => `SELECT * FROM ${sql}`).join(' UNION ALL BY NAME ')})`;
