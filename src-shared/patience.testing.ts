/** How long a test waits for what has to come (for `vi.waitFor`): what the slowest machine may need. A test that passes does not wait so long. */
export const PATIENCE = { timeout: 60_000, interval: 50 } as const;
