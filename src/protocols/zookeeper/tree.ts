/** The tree of znodes: what each write checks, and what it changes. */
import {
  type Failure, isFailure, type Kind, nameOf, parentOf, type Stat, type Write, type Written,
} from './wire.ts';

/** A znode is replaced and never changed, so that steps can share it. */
export interface Znode {
  /** The zxids that created it, last set its data, and last created or deleted a child. */
  readonly czxid: number;
  readonly mzxid: number;
  readonly pzxid: number;
  /** How often its data was set. */
  readonly version: number;
  readonly data: string;
  /** The session that owns it: it is ephemeral, so it is deleted with the session. Or empty. */
  readonly session: string;
  /** How many children were ever created below it: the number of the next sequential one. */
  readonly created: number;
  /** How many children it has. */
  readonly children: number;
}

export interface Tree {
  znodes: Record<string, Znode>;
  /**
   * The root, and the containers that lock libraries create above their locks: they hold nothing
   * themselves. A real server deletes a container a minute after its last child is gone, and the
   * numbers of its children start again; here it stays.
   */
  containers: Record<string, Znode>;
}

/** What a write changed; watches are fired for it. */
export interface Change {
  readonly kind: 'created' | 'deleted' | 'set';
  readonly path: string;
}

/** A write that is executed: its zxid, the session that asked for it, and what it changes. */
export interface Transaction {
  readonly zxid: number;
  readonly session: string;
  readonly changes: Change[];
}

export function emptyTree(): Tree {
  return { znodes: {}, containers: { '/': newZnode(0, '', '') } };
}

function newZnode(zxid: number, data: string, session: string): Znode {
  return Object.freeze({
    czxid: zxid, mzxid: zxid, pzxid: zxid, version: 0, data, session, created: 0, children: 0,
  });
}

export function znodeAt(tree: Readonly<Tree>, path: string): Znode | undefined {
  return tree.znodes[path] ?? tree.containers[path];
}

/** The paths of the children of a znode, in no order that a client may rely on. */
export function childrenOf({ znodes, containers }: Readonly<Tree>, parent: string): string[] {
  const isChild = (path: string) => path !== '/' && parentOf(path) === parent;
  return [...Object.keys(znodes), ...Object.keys(containers)].filter(isChild);
}

/**
 * The server stores only how many children were created. A client sees creations and deletions:
 * those that exist were created, the others created and deleted.
 */
export function statOf(znode: Znode): Stat {
  const { czxid, mzxid, pzxid, version, created, children, session: owner } = znode;
  return { czxid, mzxid, pzxid, version, cversion: 2 * created - children, children, owner };
}

/** Executes a write. If it fails, it changes nothing. */
export function write(tree: Tree, command: Write, transaction: Transaction): Written {
  switch (command.op) {
    case 'create':
      return create(tree, command, transaction);
    case 'delete':
      return remove(tree, command.path, command.version, transaction);
    case 'set':
      return set(tree, command, transaction);
    case 'check':
      return found(tree, command.path, command.version) ?? 'OK';
  }
}

/** Executes all writes, or none: the first that fails undoes those before it. */
export function writeAll(
  tree: Tree,
  writes: readonly Write[],
  transaction: Transaction,
): readonly Written[] {
  const before = { znodes: { ...tree.znodes }, containers: { ...tree.containers } };
  const results: Written[] = [];
  for (const command of writes) {
    const result = write(tree, command, transaction);
    results.push(result);
    if (!isFailure(result)) continue;
    Object.assign(tree, before);
    transaction.changes.length = 0;
    return writes.map((_, i) => {
      if (i < results.length - 1) return 'undone';
      return i < results.length ? result : { error: 'RUNTIMEINCONSISTENCY' };
    });
  }
  return results;
}

/** Sequential names end in the number of children that the parent was given before. */
function create(
  tree: Tree,
  { path: asked, data, kind }: Extract<Write, { op: 'create' }>,
  { zxid, session, changes }: Transaction,
): Written {
  const isSequential = kind.endsWith('sequential');
  if (!isPath(isSequential ? `${asked}0` : asked)) return { error: 'BADARGUMENTS' };
  const parentPath = parentOf(asked);
  const parent = znodeAt(tree, parentPath);
  if (parent === undefined) return { error: 'NONODE' };
  const path = isSequential ? asked + sequenceText(parent.created) : asked;
  if (znodeAt(tree, path) !== undefined) return { error: 'NODEEXISTS' };
  if (parent.session !== '') return { error: 'NOCHILDRENFOREPHEMERALS' };
  const owner = isEphemeral(kind) ? session : '';
  const znode = newZnode(zxid, data, owner);
  (kind === 'container' ? tree.containers : tree.znodes)[path] = znode;
  const { created, children } = parent;
  put(tree, parentPath, { ...parent, pzxid: zxid, created: created + 1, children: children + 1 });
  changes.push({ kind: 'created', path });
  return { path, stat: statOf(znode) };
}

function isEphemeral(kind: Kind): boolean {
  return kind.startsWith('ephemeral');
}

const digits = 10;

function sequenceText(sequence: number): string {
  return String(sequence).padStart(digits, '0');
}

/** The number at the end of the path of a sequential znode; NaN if there is none. */
export function sequenceOf(path: string): number {
  const text = path.slice(-digits);
  return /^\d+$/.test(text) && text.length === digits ? Number(text) : NaN;
}

/** A path starts at the root, and none of its names is empty, `.` or `..`. */
function isPath(path: string): boolean {
  if (path === '/') return true;
  const [before, ...names] = path.split('/');
  return before === '' && names.every((name) => name !== '' && name !== '.' && name !== '..');
}

function set(
  tree: Tree,
  { path, data, version }: Extract<Write, { op: 'set' }>,
  { zxid, changes }: Transaction,
): Written {
  const failure = found(tree, path, version);
  if (failure !== undefined) return failure;
  const before = znodeAt(tree, path)!;
  const znode = { ...before, data, mzxid: zxid, version: before.version + 1 };
  put(tree, path, znode);
  changes.push({ kind: 'set', path });
  return { stat: statOf(znode) };
}

export function remove(
  tree: Tree,
  path: string,
  version: number,
  { zxid, changes }: Transaction,
): Failure | 'OK' {
  if (path === '/') return { error: 'BADARGUMENTS' };
  const failure = found(tree, path, version);
  if (failure !== undefined) return failure;
  if (znodeAt(tree, path)!.children > 0) return { error: 'NOTEMPTY' };
  delete tree.znodes[path];
  delete tree.containers[path];
  const parent = znodeAt(tree, parentOf(path))!;
  put(tree, parentOf(path), { ...parent, pzxid: zxid, children: parent.children - 1 });
  changes.push({ kind: 'deleted', path });
  return 'OK';
}

/** Why a znode cannot be changed, if it is absent or has another version. */
function found(tree: Tree, path: string, version: number): Failure | undefined {
  const znode = znodeAt(tree, path);
  if (znode === undefined) return { error: 'NONODE' };
  return version < 0 || version === znode.version ? undefined : { error: 'BADVERSION' };
}

function put(tree: Tree, path: string, znode: Znode): void {
  (path in tree.containers ? tree.containers : tree.znodes)[path] = Object.freeze(znode);
}

export function namesOf(tree: Readonly<Tree>, parent: string): string[] {
  return childrenOf(tree, parent).map(nameOf).sort();
}
