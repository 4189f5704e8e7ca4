/** The tree of znodes (DataTree), and what each part of a transaction changes in it. */
import { type Failure, nameOf, parentOf, type Stat, type Written } from './wire.ts';

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

/** What a transaction changed; watches are fired for it. */
export interface Change {
  readonly kind: 'created' | 'deleted' | 'set';
  readonly path: string;
}

/**
 * What a transaction does. The leader has checked that it is possible and has computed what it
 * leads to, so that it does the same at every server, and again when the log is read.
 */
export type NodeTxn =
  | {
      readonly op: 'create'; readonly path: string; readonly data: string;
      readonly owner: string; readonly isContainer: boolean;
      /** How many children the parent was ever given, this one included. */
      readonly created: number;
    }
  | { readonly op: 'delete'; readonly path: string }
  | { readonly op: 'set'; readonly path: string; readonly data: string; readonly version: number }
  | { readonly op: 'check' };

export function emptyTree(): Tree {
  return { znodes: {}, containers: { '/': newZnode(0, '', '') } };
}

export function newZnode(zxid: number, data: string, session: string): Znode {
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

/** Does a part of a transaction, as the same at every server; returns the response to it. */
export function applyNodeTxn(
  tree: Tree,
  txn: NodeTxn,
  zxid: number,
  changes: Change[],
): Exclude<Written, Failure> {
  switch (txn.op) {
    case 'create': {
      const { path, data, owner, isContainer, created } = txn;
      const znode = newZnode(zxid, data, owner);
      (isContainer ? tree.containers : tree.znodes)[path] = znode;
      const parent = znodeAt(tree, parentOf(path))!;
      put(tree, parentOf(path), { ...parent, pzxid: zxid, created, children: parent.children + 1 });
      changes.push({ kind: 'created', path });
      return { path, stat: statOf(znode) };
    }
    case 'delete': {
      const { path } = txn;
      delete tree.znodes[path];
      delete tree.containers[path];
      const parent = znodeAt(tree, parentOf(path))!;
      put(tree, parentOf(path), { ...parent, pzxid: zxid, children: parent.children - 1 });
      changes.push({ kind: 'deleted', path });
      return 'OK';
    }
    case 'set': {
      const { path, data, version } = txn;
      const znode = { ...znodeAt(tree, path)!, data, mzxid: zxid, version };
      put(tree, path, znode);
      changes.push({ kind: 'set', path });
      return { stat: statOf(znode) };
    }
    case 'check':
      return 'OK';
  }
}

const digits = 10;

export function sequenceText(sequence: number): string {
  return String(sequence).padStart(digits, '0');
}

/** The number at the end of the path of a sequential znode; NaN if there is none. */
export function sequenceOf(path: string): number {
  const text = path.slice(-digits);
  return /^\d+$/.test(text) && text.length === digits ? Number(text) : NaN;
}

/** A path starts at the root, and none of its names is empty, `.` or `..`. */
export function isPath(path: string): boolean {
  if (path === '/') return true;
  const [before, ...names] = path.split('/');
  return before === '' && names.every((name) => name !== '' && name !== '.' && name !== '..');
}

function put(tree: Tree, path: string, znode: Znode): void {
  (path in tree.containers ? tree.containers : tree.znodes)[path] = Object.freeze(znode);
}

export function namesOf(tree: Readonly<Tree>, parent: string): string[] {
  return childrenOf(tree, parent).map(nameOf).sort();
}
