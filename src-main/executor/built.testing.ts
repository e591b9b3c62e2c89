import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { build } from 'vite';

/** The worker and the command line, built as the product's are, into a folder of the test file's own inside the project. */
export function builtMain(): { readonly cli: string; readonly worker: string } {
  const root = resolve(import.meta.dirname, '../..');
  const outDir = join(root, 'node_modules', '.cache', `built-${process.pid}`);
  beforeAll(async () => {
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: true,
        outDir,
        emptyOutDir: true,
        target: 'node22',
        rollupOptions: { input: { cli: 'src-main/hosts/cli/main.ts', worker: 'src-main/dataplane/worker.ts' }, output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } },
      },
    });
  });
  afterAll(() => rmSync(outDir, { recursive: true, force: true }));
  return { cli: join(outDir, 'cli.js'), worker: join(outDir, 'worker.js') };
}
