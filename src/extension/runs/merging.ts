/** Joins what sessions of one scenario, which may run at once, keep of its branches. */
import type { StoredBranch } from '../../session/branches/stored.ts';

interface Node {
  name: string;
  readonly parent: Node | undefined;
  readonly base: number;
  actions: StoredBranch['actions'];
}

/**
 * What is kept after a session that had `before` has `after`: what it added, named, took further or
 * deleted is done to `kept` as well, which another session may have changed meanwhile. Branches are
 * the same if their actions are: each session has numbers of its own.
 */
export function mergedBranches(
  kept: readonly StoredBranch[],
  before: readonly StoredBranch[],
  after: readonly StoredBranch[],
): StoredBranch[] {
  const all = treeOf(kept);
  const old = byRun(treeOf(before));
  const fresh = byRun(treeOf(after));
  const isNew = ([run]: readonly [string, Node]) => !old.has(run);
  const added = [...fresh].filter(isNew);
  const known = byRun(all);
  for (const [run, gone] of old) {
    const own = known.get(run);
    if (fresh.has(run) || own === undefined) continue;
    const further = added.find(([, one]) => goesOn(one, gone));
    own.name = further === undefined ? '' : own.name;
    if (further === undefined || known.has(further[0])) continue;
    own.actions = further[1].actions;
    known.delete(run);
    known.set(further[0], own);
  }
  const place = (one: Node): Node => {
    const run = runOf(one);
    const present = known.get(run);
    if (present !== undefined) return present;
    const node = { ...one, name: '', parent: one.parent && place(one.parent) };
    known.set(run, node);
    all.push(node);
    return node;
  };
  for (const [run, one] of fresh) {
    const wasNamed = old.get(run)?.name;
    if (wasNamed === one.name) continue;
    const own = place(one);
    if (one.name !== '' || wasNamed !== undefined) own.name = one.name;
  }
  return stored(all);
}

/** In the order of the list: a parent comes before what parts from it. */
function treeOf(branches: readonly StoredBranch[]): Node[] {
  const byNumber = new Map<number, Node>();
  for (const { number, name, parent, base, actions } of branches) {
    byNumber.set(number, { name, parent: byNumber.get(parent), base, actions });
  }
  return [...byNumber.values()];
}

function byRun(nodes: readonly Node[]): Map<string, Node> {
  return new Map(nodes.map((one) => [runOf(one), one]));
}

/** All that a branch did since the first run, in which its ancestors count only up to it. */
function runOf(node: Node): string {
  const actions = [...node.actions];
  let { base } = node;
  for (let one = node.parent; one !== undefined; { base, parent: one } = one) {
    actions.unshift(...one.actions.slice(0, base - one.base));
  }
  return JSON.stringify([base, actions]);
}

/** Whether a branch is another one that has more actions now. */
function goesOn(one: Node, before: Node): boolean {
  const { length } = before.actions;
  return one.actions.length > length &&
    runOf({ ...one, actions: one.actions.slice(0, length) }) === runOf(before);
}

/** Those with names and those from which they part, numbered anew as a session would. */
function stored(nodes: readonly Node[]): StoredBranch[] {
  const needed = new Set<Node>();
  for (const named of nodes.filter(({ name }) => name !== '')) {
    for (let one: Node | undefined = named; one !== undefined; one = one.parent) needed.add(one);
  }
  const numbers = new Map<Node | undefined, number>([[undefined, 0]]);
  return nodes.filter((one) => needed.has(one)).map((one, index) => {
    const { name, parent, base, actions } = one;
    numbers.set(one, index + 1);
    return { number: index + 1, name, parent: numbers.get(parent)!, base, actions };
  });
}
