/** Stands in a lineage for what may be something else the next time: rows of a JavaScript node, of chance, of the clock. Nothing else in a lineage holds it. */
export const VOLATILE = '\0';

/** May the rows of this lineage be others the next time? */
export const isVolatile = (lineage: string): boolean => lineage.includes(VOLATILE);
