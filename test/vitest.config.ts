// One runner for every test that needs no editor: by layer, golden texts, properties, architecture.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    exclude: ['test/extension/**', 'test/workbench/**', 'test/artifacts/**'],
    passWithNoTests: true,
    testTimeout: 60_000,
    // Tests that start the adapter or the command line as a process use dist/, built beforehand.
    env: { LOCKSTEP_ROOT: fileURLToPath(new URL('..', import.meta.url)) },
  },
});
