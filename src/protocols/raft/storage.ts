/** How a log changes: entries are appended at its end, or deleted there (§5.3). */
import type { Frozen, Json, Node } from '../../protocol/types.ts';
import { termAt } from './log.ts';
import { noteMembers, restoreMembers } from './membership.ts';
import type { Entry, Log, Replica } from './state.ts';

type Server = Node<Replica>;

/** AppendEntries RPC, receiver implementation, steps 3 and 4. */
export function storeEntries(node: Server, prevLogIndex: number, entries: Log<Json>): void {
  const { log } = node.state;
  for (let i = 0; i < entries.length; i++) {
    const index = prevLogIndex + 1 + i;
    if (index <= log.length) {
      // An entry that is in the log already stays: a later call may have added more behind it.
      if (termAt(log, index) === entries[i].term) continue;
      truncateLog(node, index);
    }
    appendEntry(node, entries[i]);
  }
}

/** "… delete the existing entry and all that follow it." */
function truncateLog(node: Server, firstIndex: number): void {
  const { log } = node.state;
  const lastIndex = log.length;
  log.length = firstIndex - 1;
  if (node.state.membersIndex > log.length) restoreMembers(node);
  node.event('LogTruncated', { firstIndex, lastIndex });
}

export function appendEntry(node: Server, entry: Frozen<Entry<Json>>): void {
  const { log } = node.state;
  log.push(entry);
  node.event('EntryAppended', { index: log.length, term: entry.term, command: entry.command });
  noteMembers(node, entry);
}
