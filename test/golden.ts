/** Golden texts: output as it was last reviewed. UPDATE_GOLDEN=1 rewrites them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/**
 * Compares `text` with `goldens/<name>.txt` beside the test; `test` is the test's `import.meta.url`.
 * A missing file is a failure: only the rewriting command creates one.
 */
export function expectGolden(test: string, name: string, text: string): void {
  const file = join(dirname(fileURLToPath(test)), 'goldens', `${name}.txt`);
  const actual = text.endsWith('\n') ? text : `${text}\n`;
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  if (!existsSync(file)) throw new Error(`There is no golden text ${file}: run \`npm run golden\` and review its diff.`);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}
