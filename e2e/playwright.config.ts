import { defineConfig } from '@playwright/test';

/** One suite in the user's words, run on every host; see driver.ts. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  timeout: 90_000,
  use: { actionTimeout: 20_000 },
  expect: { timeout: 15_000 },
  // Two cores: one window at a time.
  workers: 1,
  retries: 0,
  outputDir: '../test-results',
  reporter: [['list'], ['json']],
  projects: [
    { name: 'server', metadata: { host: 'server' }, testIgnore: ['**/electron.spec.ts', '**/secrets.spec.ts', '**/tray.spec.ts', '**/connections-plain.spec.ts'] },
    { name: 'electron', metadata: { host: 'electron' }, testIgnore: '**/server.spec.ts' },
  ],
});
