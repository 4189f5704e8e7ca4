/** Compiles mutants: built-in protocols with one line changed, which violate an invariant. */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../../src/protocol/types.ts';
import { raftMutants } from './raft-mutants.ts';
import type { Mutant } from './mutant.ts';

const folder = fileURLToPath(new URL('../../src/protocols/raft/', import.meta.url));

/** All mutants of Raft by name, compiled. */
export async function mutants(): Promise<Record<string, Protocol>> {
  const all: Record<string, Protocol> = {};
  for (const [name, mutant] of Object.entries(raftMutants)) {
    all[name] = { ...(await compile(name, mutant)), name, doc: mutant.doc };
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

/** Compiles Raft with the line of a mutant. */
async function compile(name: string, mutant: Mutant): Promise<Protocol> {
  const changed = `${folder}${mutant.in ?? 'raft.ts'}`;
  const { outputFiles } = await build({
    entryPoints: [`${folder}raft.ts`],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2022',
    plugins: [
      {
        name: 'change one line',
        setup({ onLoad }) {
          onLoad({ filter: /raft.[^/\\]+\.ts$/ }, ({ path }) => {
            const source = readFileSync(path, 'utf8');
            const isMutated = resolve(path) === resolve(changed);
            return { loader: 'ts', contents: isMutated ? replaceLine(source, name, mutant) : source };
          });
        },
      },
    ],
  });
  const module = { exports: {} as Record<string, Protocol> };
  // oxlint-disable-next-line no-new-func -- our own source, just compiled
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return module.exports.raft;
}
