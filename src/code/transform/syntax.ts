/** Syntax trees: what all that read or change code of protocols have in common. */
import { type Node, parse } from 'acorn';
import { CodeFault } from '../code-fault.ts';
import type { Stripped } from './strip.ts';

export type Tree = Node & Record<string, unknown>;

const known = new WeakMap<Stripped, Tree>();

export function parsed(text: Stripped): Tree {
  let tree = known.get(text);
  if (tree === undefined) {
    const options = { ecmaVersion: 2023, sourceType: 'script', locations: true } as const;
    try {
      tree = parse(text.code, options) as Node as Tree;
    } catch (error) {
      throw syntaxFault(text, error);
    }
    known.set(text, tree);
  }
  return tree;
}

export const noWaiting =
  'a handler does not wait: what comes later comes by a message or a timer';

const awaitBefore = new RegExp('\\bawait\\s*$');

/** A parser's complaint, at its place. */
function syntaxFault({ file, code, columnOf }: Stripped, error: unknown): CodeFault {
  const { message, loc, pos = 0 } = error as Error & Partial<Complaint>;
  const { line, column } = loc ?? { line: 1, column: 0 };
  const at = (words: string, back = 0) =>
    new CodeFault(words, file, line, columnOf(line, Math.max(0, column - back)));
  const [awaiting] = awaitBefore.exec(code.slice(Math.max(0, pos - 40), pos)) ?? [];
  if (awaiting) return at(noWaiting, awaiting.length);
  if (code.startsWith('await', pos)) return at(noWaiting);
  if (code[pos] === '@') return at('decorators are not read here: write plain functions');
  const plain = message.replace(/ \(\d+:\d+\)$/, '');
  return at(plain.charAt(0).toLowerCase() + plain.slice(1));
}

interface Complaint {
  readonly pos: number;
  readonly loc: { readonly line: number; readonly column: number };
}

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
