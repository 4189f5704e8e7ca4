// One runner for every test that needs no editor: by layer, golden texts, properties, architecture.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** As in esbuild.mjs: `./library.ts?sources` is all sources in that file's folder, by path. */
const folderSources = {
  name: 'folder-sources',
  enforce: 'pre' as const,
  // The runner calls this again with the result, which already begins with \0.
  resolveId: (request: string, importer?: string) =>
    request.endsWith('?sources') && !request.startsWith('\0')
      ? `\0${resolve(dirname(importer!), request)}`
      : undefined,
  load(id: string) {
    if (!id.startsWith('\0') || !id.endsWith('?sources')) return undefined;
    const folder = dirname(id.slice(1));
    const names = readdirSync(folder, { recursive: true })
      .map((name) => String(name).replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.ts'))
      .sort();
    const files = names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]);
    return `export default ${JSON.stringify(Object.fromEntries(files))}`;
  },
};

export default defineConfig({
  plugins: [folderSources],
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
