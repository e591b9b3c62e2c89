/** A name as SQL writes it, whatever characters it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of text literals. */
export const quoteList = (texts: readonly string[]): string => `[${texts.map(quoteText).join(', ')}]`;
