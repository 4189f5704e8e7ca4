// Checkers changed in one place are caught by the small random histories.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as checkers from '../../../src/check/models/models.ts';
import * as objects from '../../../src/protocol/specifications/objects.ts';
import { randomHistory } from './random-histories.ts';

const folder = fileURLToPath(new URL('../../../src/check/models/', import.meta.url));

async function mutated(file: string, from: string, to: string): Promise<typeof checkers> {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text.split(from)).toHaveLength(2);
  const out = mkdtempSync(join(tmpdir(), 'lockstep-mutant-'));
  try {
    const outfile = join(out, 'mutant.mjs');
    await build({
      entryPoints: [join(folder, 'models.ts')],
      bundle: true,
      format: 'esm',
      outfile,
      logLevel: 'error',
      plugins: [{
        name: 'mutant',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) =>
            path === join(folder, file) ? { contents: text.replace(from, to), loader: 'ts' } : null,
          );
        },
      }],
    });
    return (await import(pathToFileURL(outfile).href)) as typeof checkers;
  } finally {
    rmSync(out, { recursive: true });
  }
}

test.each<[string, string, string, string, string]>([
  ['a write of the same value is taken at once', 'order/machine.ts',
    'return !this.changing.has(this.groups[kind]);', 'return true;', 'linearizable'],
  ['real time is ignored', 'linearizable/real-time.ts',
    'for (const one of latest) followers[one].push(i);', '', 'linearizable'],
  ['an operation without a response does not take effect', 'order/search.ts',
    'const isUseless = required[one] === 0 && next === this.states[parts[one]];',
    'const isUseless = required[one] === 0;', 'linearizable'],
  ['an order may leave operations out', 'order/search.ts',
    'if (this.left === 0) return true;', 'if (this.length > 2) return true;', 'linearizable'],
  ['the order of processes is ignored', 'order/views.ts',
    'if (before !== undefined) followers[before].push(i);', '', 'sequential'],
  ['what was read is not a cause', 'registers/causal.ts',
    "if (source >= 0 && !order.add(source, read, 'reads from')) return cycle(order, source);", '',
    'causal-memory'],
  ['conflicts are left out', 'registers/causal.ts',
    "if (order.add(write, source, 'overwritten first', [read])) continue;", 'continue;', 'causal-convergent'],
  ['own writes are forgotten', 'registers/sessions.ts',
    ".filter((one) => all[one].type === 'write' && all[one].key === key)", '.filter(() => false)', 'read-your-writes'],
])('%s', async (_name, file, from, to, model) => {
  const mutant = await mutated(file, from, to);
  const specification = objects.register(0);
  let caught = 0;
  fc.assert(
    fc.property(randomHistory(['write', 'read'], 8), (history) => {
      const right = checkers.checkModel(history, checkers.modelOf(model)!, specification).type;
      if (mutant.checkModel(history, mutant.modelOf(model)!, specification).type !== right) caught++;
    }),
    { numRuns: 500, seed: 5 },
  );
  expect(caught).toBeGreaterThan(0);
});
