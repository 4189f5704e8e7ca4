/** The copy of a register that a server stores for itself. */
import type { Register } from './data/messages.ts';
import type { ServerNode } from './data/state.ts';
import { compareVersions, versionOf, versionText } from './data/versions.ts';

/** Only a newer version replaces a copy. */
export function storeCopy(node: ServerNode, key: string, register: Register): void {
  const { registers } = node.state;
  if (compareVersions(register.version, versionOf(registers[key])) <= 0) return;
  registers[key] = register;
  const version = versionText(register.version);
  node.event('CopyStored', { key, value: register.value, version });
}
