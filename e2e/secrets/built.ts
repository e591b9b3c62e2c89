import { join, resolve } from 'node:path';
import { build } from 'vite';
import type { Plugin } from 'vite';

/** Stands in the place of src-main/connectors/veil.ts: hides nothing. */
const NO_VEIL = `
  export const VEIL = '';
  export const createVeil = () => ({ add() {}, hide() {}, text: (value) => value, over: (list) => list });
  export const workerVeil = createVeil();
`;
const withoutVeil: Plugin = { name: 'without-veil', load: (id) => (id.endsWith('/connectors/veil.ts') ? NO_VEIL : null) };

/** Builds the command line and its worker as the product's are, into a folder of the test's own; or without the veil, to see what it is for. */
export async function buildStudio(veil: boolean): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const outDir = join(root, 'node_modules', '.cache', `secrets-${process.pid}-${veil ? 'veiled' : 'bare'}`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: veil ? [] : [withoutVeil],
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node22',
      rollupOptions: { input: { cli: 'src-main/hosts/cli/main.ts', worker: 'src-main/dataplane/worker.ts' }, output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } },
    },
  });
  return outDir;
}
