/** The leader turns each request into a transaction: what it does, or why it cannot be done. */
// PrepRequestProcessor. It checks a request against the state that the proposals before it will
// have led to, committed or not. So a transaction can be executed at every server without a check.
import { frozen } from '../../../protocol/define.ts';
import type { Frozen, NodeId } from '../../../protocol/types.ts';
import type { ServerNode, ServerState } from '../server-state.ts';
import {
  isPath, newZnode, type NodeTxn, sequenceText, type Znode, znodeAt,
} from '../tree.ts';
import {
  type ErrorCode, type Failure, isFailure, parentOf, type Write, type Written,
} from '../wire.ts';
import type { ChangeRecord, Leading } from '../zab/leader-state.ts';
import type { Request, Transaction, Txn } from '../zab/packets.ts';

/** What a request is checked against, and the transaction that it becomes. */
interface Preparation {
  readonly state: ServerState;
  readonly changes: Record<string, ChangeRecord>;
  readonly zxid: number;
  readonly session: string;
}

/** `owner` is the server that the request came from. Also a request that fails gets a zxid. */
export function prepare(
  node: ServerNode,
  leading: Leading,
  request: Frozen<Request>,
  owner: NodeId,
): Transaction {
  const { session, xid } = request;
  const zxid = leading.lastProposed + 1;
  leading.lastProposed = zxid;
  const preparation = { state: node.state, changes: leading.outstandingChanges, zxid, session };
  const txn = txnOf(preparation, leading, request, owner);
  return frozen({ zxid, session, xid, txn: 'op' in txn ? txn : { op: 'error', ...txn } });
}

function txnOf(
  preparation: Preparation,
  leading: Leading,
  { session, command }: Frozen<Request>,
  owner: NodeId,
): Txn | Failure {
  if (command.op === 'create-session') {
    const { client, timeout } = command;
    leading.tracked[session] = { timeout, owner, isClosing: false };
    return { op: 'create-session', client, timeout };
  }
  if (command.op === 'close') return closeSession(preparation, leading);
  const fault = sessionFault(leading, session, owner);
  if (fault !== undefined) return { error: fault };
  if (command.op === 'multi') return multi(preparation, command.writes);
  return write(preparation, command as Write);
}

/** `checkSession`: it must exist, and the request must come from the server that it went to. */
export function sessionFault(
  { tracked }: Leading,
  session: string,
  owner: NodeId,
): ErrorCode | undefined {
  const known = tracked[session];
  if (known === undefined || known.isClosing) return 'SESSIONEXPIRED';
  if (known.owner === '') known.owner = owner;
  return known.owner === owner ? undefined : 'SESSIONMOVED';
}

/** The transaction that closes a session also deletes all of its ephemeral nodes. */
function closeSession({ state, changes, zxid, session }: Preparation, leading: Leading): Txn {
  const known = leading.tracked[session];
  if (known !== undefined) known.isClosing = true;
  const paths = new Set<string>();
  for (const path of Object.keys(state.znodes)) {
    if (state.znodes[path].session === session) paths.add(path);
  }
  for (const [path, { znode }] of Object.entries(changes)) {
    if (znode?.session === session) paths.add(path);
    else paths.delete(path);
  }
  for (const path of paths) remove({ state, changes, zxid, session }, path);
  return { op: 'close-session', paths: [...paths] };
}

/** All of the writes, or none: the first that fails undoes those before it. */
function multi(preparation: Preparation, writes: readonly Write[]): Txn {
  const { changes } = preparation;
  const before = { ...changes };
  const parts: NodeTxn[] = [];
  for (const command of writes) {
    const part = write(preparation, command);
    if (!isFailure(part)) {
      parts.push(part);
      continue;
    }
    for (const path of Object.keys(changes)) delete changes[path];
    Object.assign(changes, before);
    const results = writes.map((_, i): Written => {
      if (i < parts.length) return 'undone';
      return i === parts.length ? part : { error: 'RUNTIMEINCONSISTENCY' };
    });
    return { op: 'error', error: part.error, results };
  }
  return { op: 'multi', parts };
}

function write(preparation: Preparation, command: Write): NodeTxn | Failure {
  switch (command.op) {
    case 'create':
      return create(preparation, command);
    case 'delete': {
      const { path, version } = command;
      if (path === '/') return { error: 'BADARGUMENTS' };
      const znode = found(preparation, path, version);
      if (isFailure(znode)) return znode;
      if (znode.children > 0) return { error: 'NOTEMPTY' };
      remove(preparation, path);
      return { op: 'delete', path };
    }
    case 'set': {
      const { path, data, version: wanted } = command;
      const znode = found(preparation, path, wanted);
      if (isFailure(znode)) return znode;
      const version = znode.version + 1;
      record(preparation, path, { ...znode, data, mzxid: preparation.zxid, version });
      return { op: 'set', path, data, version };
    }
    case 'check': {
      const znode = found(preparation, command.path, command.version);
      return isFailure(znode) ? znode : { op: 'check' };
    }
  }
}

/** Sequential names end in the number of children that the parent was given before. */
function create(
  preparation: Preparation,
  { path: asked, data, kind }: Extract<Write, { op: 'create' }>,
): NodeTxn | Failure {
  const { zxid, session } = preparation;
  const isSequential = kind.endsWith('sequential');
  if (!isPath(isSequential ? `${asked}0` : asked)) return { error: 'BADARGUMENTS' };
  const parentPath = parentOf(asked);
  const parent = recordFor(preparation, parentPath);
  if (parent === undefined) return { error: 'NONODE' };
  const path = isSequential ? asked + sequenceText(parent.created) : asked;
  if (recordFor(preparation, path) !== undefined) return { error: 'NODEEXISTS' };
  if (parent.session !== '') return { error: 'NOCHILDRENFOREPHEMERALS' };
  const owner = kind.startsWith('ephemeral') ? session : '';
  const created = parent.created + 1;
  record(preparation, parentPath, {
    ...parent, pzxid: zxid, created, children: parent.children + 1,
  });
  record(preparation, path, newZnode(zxid, data, owner));
  return { op: 'create', path, data, owner, isContainer: kind === 'container', created };
}

function remove(preparation: Preparation, path: string): void {
  const parentPath = parentOf(path);
  const parent = recordFor(preparation, parentPath)!;
  record(preparation, parentPath, {
    ...parent, pzxid: preparation.zxid, children: parent.children - 1,
  });
  record(preparation, path, null);
}

/** The znode as the proposals before this one leave it (`getRecordForPath`). */
function recordFor({ state, changes }: Preparation, path: string): Znode | undefined {
  const change = changes[path];
  return change === undefined ? znodeAt(state, path) : (change.znode ?? undefined);
}

function record({ changes, zxid }: Preparation, path: string, znode: Znode | null): void {
  changes[path] = { zxid, znode };
}

/** The znode, if it exists and has the version; −1 stands for any. */
function found(preparation: Preparation, path: string, version: number): Znode | Failure {
  const znode = recordFor(preparation, path);
  if (znode === undefined) return { error: 'NONODE' };
  return version < 0 || version === znode.version ? znode : { error: 'BADVERSION' };
}
