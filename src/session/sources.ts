/** The sources of the built-in protocols, so that the debugger runs and shows the very lines. */
import raft from '../protocols/raft.ts?raw';
import raftClient from '../protocols/raft-client.ts?raw';
import raftInvariants from '../protocols/raft-invariants.ts?raw';
import raftLog from '../protocols/raft-log.ts?raw';
import raftState from '../protocols/raft-state.ts?raw';
import type { Protocol } from '../protocol/types.ts';
import { type Code, codeWithoutLines, loadCode } from './code.ts';

const files: ReadonlyMap<string, string> = new Map([
  ['raft.ts', raft],
  ['raft-client.ts', raftClient],
  ['raft-invariants.ts', raftInvariants],
  ['raft-log.ts', raftLog],
  ['raft-state.ts', raftState],
]);

/** The protocol as its source has it; as it was given where there is no source of it. */
export function codeOfProtocol(protocol: Protocol): Code {
  const entry = `${protocol.name}.ts`;
  return files.has(entry) ? loadCode(files, entry, protocol.name) : codeWithoutLines(protocol);
}
