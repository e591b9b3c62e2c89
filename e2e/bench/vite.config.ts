import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** Bundles the bench as the main build is bundled, because the node registry is made by import.meta.glob. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node22',
    outDir: resolve(import.meta.dirname, '../../out/bench'),
    emptyOutDir: true,
    rollupOptions: { input: { main: resolve(import.meta.dirname, 'main.ts'), reference: resolve(import.meta.dirname, 'reference.ts'), bare: resolve(import.meta.dirname, 'bare.ts'), 'schedules-host': resolve(import.meta.dirname, 'schedules-host.ts') } },
  },
  ssr: { external: ['@duckdb/node-api', 'better-sqlite3', 'pg', 'mysql2'] },
});
