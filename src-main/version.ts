import { version } from '../package.json';

/** Millrace's own, as package.json says it. */
export const VERSION: string = version;
