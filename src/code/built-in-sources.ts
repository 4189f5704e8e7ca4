/** The built-in protocols as source text, so that the debugger runs the lines that it shows. */
import { thrownText } from '../kernel/data/thrown.ts';
import sources from '../protocols/library.ts?sources';
import type { Protocol } from '../protocol/types.ts';
import { type Code, codeWithoutLines, loadBuiltIn } from './code.ts';
import { folderOf, joined } from './load/source-paths.ts';

/** Every file of the folder `protocols`, by its path in it: `raft/raft.ts`. */
export const protocolSources: ReadonlyMap<string, string> = new Map(Object.entries(sources));

/** The protocol loaded from its source; the given object, without lines, if that cannot be run. */
export function codeOfProtocol(protocol: Protocol): Code {
  const entry = fileOfProtocol(protocol.name);
  if (entry === undefined) return codeWithoutLines(protocol, 'it has no source file');
  try {
    return loadBuiltIn(protocolSources, entry, protocol.name);
  } catch (error) {
    // Some hosts forbid `eval`: there the bundled protocol runs, without stepping by lines.
    return codeWithoutLines(protocol, thrownText(error));
  }
}

/** A file of these and all that it imports, also those of which it uses only types. */
export function filesOf(entry: string): readonly string[] {
  const files = [entry];
  for (const file of files) {
    const source = protocolSources.get(file)!;
    for (const [, name] of source.matchAll(/^(?:import|export|\})[^;']* from '(.+)';$/gm)) {
      const imported = joined(folderOf(file), name);
      const isProtocol = imported !== undefined && protocolSources.has(imported);
      if (isProtocol && !files.includes(imported)) files.push(imported);
    }
  }
  return files;
}

/** The file of a protocol has the protocol's name; it is in the folder of its family. */
export function fileOfProtocol(name: string): string | undefined {
  return [...protocolSources.keys()].find((file) => file.endsWith(`/${name}.ts`));
}
