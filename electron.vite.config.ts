import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Three builds; main has one input a host, and one for the worker processes. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          electron: 'src-main/hosts/electron/main.ts',
          cli: 'src-main/hosts/cli/main.ts',
          server: 'src-main/hosts/server/main.ts',
          worker: 'src-main/dataplane/worker.ts',
        },
      },
    },
  },
  preload: {
    build: { outDir: 'out/preload', rollupOptions: { input: { index: 'src-preload/index.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } } },
  },
  renderer: {
    root: 'src-renderer',
    build: { outDir: 'out/renderer', rollupOptions: { input: { index: 'src-renderer/index.html' } } },
    plugins: [react(), tailwindcss()],
    // The layout engine's worker is a script of somebody else's that exports; a name for that keeps the bundler quiet.
    worker: { rollupOptions: { output: { name: 'layoutWorker' } } },
  },
});
