/** The sources of the built-in protocols, so that the debugger runs and shows the very lines. */
import fencedStorage from '../protocols/fenced-storage.ts?raw';
import raftClient from '../protocols/raft-client.ts?raw';
import raftInvariants from '../protocols/raft-invariants.ts?raw';
import raftLog from '../protocols/raft-log.ts?raw';
import raftState from '../protocols/raft-state.ts?raw';
import raft from '../protocols/raft.ts?raw';
import type { Protocol } from '../protocol/types.ts';
import { type Code, codeWithoutLines, loadCode } from './code.ts';

/** Every file of the protocols' folder but its list, by name. */
export const protocolSources: ReadonlyMap<string, string> = new Map([
  ['fenced-storage.ts', fencedStorage],
  ['raft-client.ts', raftClient],
  ['raft-invariants.ts', raftInvariants],
  ['raft-log.ts', raftLog],
  ['raft-state.ts', raftState],
  ['raft.ts', raft],
]);

/** The protocol as its source has it; as it was given, and why, where that cannot be run. */
export function codeOfProtocol(protocol: Protocol): Code {
  const entry = `${protocol.name}.ts`;
  if (!protocolSources.has(entry)) return codeWithoutLines(protocol, 'it has no source of its own');
  try {
    return loadCode(protocolSources, entry, protocol.name);
  } catch (error) {
    // Some hosts forbid to run code from text: the protocol works there, its lines are not shown.
    return codeWithoutLines(protocol, error instanceof Error ? error.message : String(error));
  }
}
