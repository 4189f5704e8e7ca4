/** Compiles mutants: built-in protocols with one line changed, which violate an invariant. */
import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../../src/protocol/types.ts';
import { raftMutants } from './raft-mutants.ts';
import type { Mutant } from './mutant.ts';

const folder = fileURLToPath(new URL('../../src/protocols/raft/', import.meta.url));

/** All mutants of Raft by name, compiled. */
export function mutants(): Record<string, Protocol> {
  const all: Record<string, Protocol> = {};
  for (const name of Object.keys(raftMutants)) all[name] = mutantOf(name);
  return all;
}

export function mutantOf(name: string): Protocol {
  const mutant = raftMutants[name];
  const source = replaceLine(readFileSync(`${folder}raft.ts`, 'utf8'), name, mutant);
  return { ...compile(source, 'raft'), name, doc: mutant.doc };
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

/** Compiles a source of Raft's folder with its imports, and returns the protocol that it exports. */
function compile(source: string, exported: string): Protocol {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: folder, loader: 'ts', sourcefile: `${exported}.ts` },
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2022',
  });
  const module = { exports: {} as Record<string, Protocol> };
  // oxlint-disable-next-line no-new-func -- our own source, just compiled
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return module.exports[exported];
}
