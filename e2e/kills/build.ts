import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built programs: host.js, fires-host.js, cli.js, worker.js. */
    built: string;
  }
}

/** Builds, once for all these tests, the command line and the worker as the product's are, and the host that the tests kill. */
export default async function setup(project: TestProject): Promise<() => void> {
  const root = resolve(import.meta.dirname, '../..');
  const outDir = process.env['KILL_BUILT'] ?? join(root, 'node_modules', '.cache', `kills-${process.pid}`);
  project.provide('built', outDir);
  if (process.env['KILL_BUILT'] !== undefined) return () => undefined;
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node22',
      rollupOptions: {
        input: { host: 'e2e/kills/host.ts', 'fires-host': 'e2e/kills/fires-host.ts', cli: 'src-main/hosts/cli/main.ts', worker: 'src-main/dataplane/worker.ts' },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  return () => rmSync(outDir, { recursive: true, force: true });
}
