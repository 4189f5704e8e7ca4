/** Compiles mutants: built-in protocols with one line changed, which violate an invariant. */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../../src/protocol/types.ts';
import { raftMutants } from './raft-mutants.ts';
import type { Mutant } from './mutant.ts';

const folder = fileURLToPath(new URL('../../src/protocols/', import.meta.url));

/** All mutants of Raft by name, compiled. */
export async function mutants(): Promise<Record<string, Protocol>> {
  const all: Record<string, Protocol> = {};
  for (const [name, mutant] of Object.entries(raftMutants)) {
    const changed = `raft/${mutant.in ?? 'raft.ts'}`;
    const compiled = await compile('raft/raft.ts', changed, name, mutant);
    all[name] = { ...compiled.find((one) => one.name === 'raft')!, name, doc: mutant.doc };
  }
  return all;
}

/** Replaces the line of a mutant, which must occur exactly once in the source. */
export function replaceLine(source: string, name: string, { line, broken }: Mutant): string {
  const lines = source.split('\n');
  const places = lines.flatMap((text, i) => (text.trim() === line ? [i] : []));
  if (places.length !== 1) {
    throw new Error(`mutant ${name}: its line occurs ${places.length} times in the source: ${line}`);
  }
  lines[places[0]] = lines[places[0]].replace(line, () => broken);
  return lines.join('\n');
}

/** Compiles a protocol with one line of one file changed; both are paths in src/protocols. */
export async function compile(
  entry: string,
  changed: string,
  name: string,
  mutant: Mutant,
): Promise<Protocol[]> {
  let isChanged = false;
  const { outputFiles } = await build({
    entryPoints: [`${folder}${entry}`],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2022',
    plugins: [
      {
        name: 'change one line',
        setup({ onLoad }) {
          onLoad({ filter: /src.protocols.+\.ts$/ }, ({ path }) => {
            const source = readFileSync(path, 'utf8');
            const isMutated = relative(folder, path).replaceAll('\\', '/') === changed;
            isChanged ||= isMutated;
            return { loader: 'ts', contents: isMutated ? replaceLine(source, name, mutant) : source };
          });
        },
      },
    ],
  });
  if (!isChanged) throw new Error(`mutant ${name}: ${entry} does not contain ${changed}`);
  const module = { exports: {} as Record<string, Protocol> };
  // oxlint-disable-next-line no-new-func -- our own source, just compiled
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return Object.values(module.exports);
}
