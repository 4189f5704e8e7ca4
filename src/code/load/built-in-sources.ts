/** The sources of the built-in protocols, so that the debugger runs and shows the very lines. */
import { thrownText } from '../../kernel/data/thrown.ts';
import sources from '../../protocols/library.ts?sources';
import type { Protocol } from '../../protocol/types.ts';
import { type Code, codeWithoutLines, loadCode } from '../code.ts';

/** Every file of the protocols' folder, by its path from there: `raft/raft.ts`. */
export const protocolSources: ReadonlyMap<string, string> = new Map(Object.entries(sources));

/** The protocol as its source has it; as it was given, and why, where that cannot be run. */
export function codeOfProtocol(protocol: Protocol): Code {
  const entry = fileOf(protocol.name);
  if (entry === undefined) return codeWithoutLines(protocol, 'it has no source of its own');
  try {
    return loadCode(protocolSources, entry, protocol.name);
  } catch (error) {
    // Some hosts forbid to run code from text: the protocol works there, its lines are not shown.
    return codeWithoutLines(protocol, thrownText(error));
  }
}

/** A protocol's own file is named as the protocol, in the folder of its family. */
function fileOf(name: string): string | undefined {
  return [...protocolSources.keys()].find((file) => file.endsWith(`/${name}.ts`));
}
