/** Syntax trees: what all that read or change code of protocols have in common. */
import type { Node } from 'acorn';

export type Tree = Node & Record<string, unknown>;

export function isFunction(node: Tree): boolean {
  return /Function/.test(node.type);
}

/** The nodes of a tree, each before its parts, in the order of the source. */
export function visit(
  node: Tree,
  parent: Tree | undefined,
  each: (node: Tree, parent?: Tree) => void,
): void {
  each(node, parent);
  for (const part of partsOf(node)) visit(part, node, each);
}

export function partsOf(node: Tree): Tree[] {
  const found: Tree[] = [];
  for (const key in node) {
    const part = node[key];
    for (const one of Array.isArray(part) ? (part as unknown[]) : [part]) {
      if (isTree(one)) found.push(one);
    }
  }
  return found;
}

function isTree(part: unknown): part is Tree {
  return typeof part === 'object' && part !== null && typeof (part as Tree).type === 'string';
}

/** `becomeFollower`, `AppendEntries`; `function` where it has no name. */
export function nameOf(node: Tree, parent: Tree | undefined): string {
  const hasKey = parent?.type === 'Property' || parent?.type === 'MethodDefinition';
  const id = (node.id ?? (hasKey ? parent.key : parent?.id)) as Tree | undefined;
  return String(id?.name ?? id?.value ?? 'function');
}
