/** Broken twins: a built-in protocol with one line changed, that one invariant must catch. */
import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../../src/protocol/types.ts';
import { raftTwins } from './raft-twins.ts';
import type { Twin } from './twin.ts';

const folder = fileURLToPath(new URL('../../src/protocols/', import.meta.url));

/** All twins of the built-in protocols by name, compiled. */
export function twins(): Record<string, Protocol> {
  const all: Record<string, Protocol> = {};
  for (const name of Object.keys(raftTwins)) all[name] = twinOf(name);
  return all;
}

export function twinOf(name: string): Protocol {
  const twin = raftTwins[name];
  const source = replaceLine(readFileSync(`${folder}raft.ts`, 'utf8'), name, twin);
  return { ...compile(source, 'raft'), name, doc: twin.doc };
}

/** The source with the line replaced; it must stand there exactly once. */
export function replaceLine(source: string, name: string, { line, broken }: Twin): string {
  const lines = source.split('\n');
  const places = lines.flatMap((one, i) => (one.trim() === line ? [i] : []));
  if (places.length !== 1) {
    throw new Error(`twin ${name}: its line stands ${places.length} times in the source: ${line}`);
  }
  lines[places[0]] = lines[places[0]].replace(line, () => broken);
  return lines.join('\n');
}

/** The protocol that a source exports under a name, with what it imports from its folder. */
function compile(source: string, exported: string): Protocol {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: folder, loader: 'ts', sourcefile: `${exported}.ts` },
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2022',
  });
  const module = { exports: {} as Record<string, Protocol> };
  // oxlint-disable-next-line no-new-func -- our own source, compiled just now
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return module.exports[exported];
}
