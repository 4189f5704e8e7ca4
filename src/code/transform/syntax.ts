/** Syntax trees of stripped code, and functions to walk them. */
import { type Node, parse } from 'acorn';
import { CodeFault, type CodeFaultCode } from '../code-fault.ts';
import type { Stripped } from './strip.ts';

export type Tree = Node & Record<string, unknown>;

const known = new WeakMap<Stripped, Tree>();

/** The syntax tree of a file. Throws a `CodeFault` if it cannot be parsed. */
export function parsed(file: Stripped): Tree {
  let tree = known.get(file);
  if (tree === undefined) {
    const options = { ecmaVersion: 2023, sourceType: 'script', locations: true } as const;
    try {
      tree = parse(file.code, options) as Node as Tree;
    } catch (error) {
      throw syntaxFault(file, error);
    }
    known.set(file, tree);
  }
  return tree;
}

export const noAsync =
  'protocol code cannot use async or await: continue in the handler of a message or a timer';

// Built from a string: the check of pure folders would take the word in a literal for code.
const awaitBefore = new RegExp('\\bawait\\s*$');

/** The parser's error at its place in the source, with a better message for what it cannot know. */
function syntaxFault({ file, code, columnOf }: Stripped, error: unknown): CodeFault {
  const { message, loc, pos = 0 } = error as Error & Partial<ParserError>;
  const { line, column } = loc ?? { line: 1, column: 0 };
  const fault = (faultCode: CodeFaultCode, words: string, back = 0) => {
    const place = { file, line, column: columnOf(line, Math.max(0, column - back)) };
    return new CodeFault(faultCode, words, place);
  };
  // Outside of an async function `await` is a name, so the parser complains about what follows it.
  const [awaiting] = awaitBefore.exec(code.slice(Math.max(0, pos - 40), pos)) ?? [];
  if (awaiting) return fault('async-code', noAsync, awaiting.length);
  if (code.startsWith('await', pos)) return fault('async-code', noAsync);
  if (code[pos] === '@') {
    return fault('decorator', 'decorators are not supported: write plain functions');
  }
  const plain = message.replace(/ \(\d+:\d+\)$/, '');
  return fault('syntax', plain.charAt(0).toLowerCase() + plain.slice(1));
}

interface ParserError {
  readonly pos: number;
  readonly loc: { readonly line: number; readonly column: number };
}

export function isFunction(node: Tree): boolean {
  return /Function/.test(node.type);
}

/** Calls `each` for a node and then for its parts, in the order of the source. */
export function visit(
  node: Tree,
  parent: Tree | undefined,
  each: (node: Tree, parent?: Tree) => void,
): void {
  each(node, parent);
  for (const part of partsOf(node)) visit(part, node, each);
}

/** A walk does not list symbols, so the parts of a node can be kept in the node itself. */
const keptParts = Symbol('parts');

/** The child nodes of a node. They are listed once: a tree is walked a dozen times. */
export function partsOf(node: Tree): readonly Tree[] {
  const kept = node as { [keptParts]?: readonly Tree[] };
  return (kept[keptParts] ??= listedParts(node));
}

function listedParts(node: Tree): Tree[] {
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

/** The name of a function, such as `becomeFollower`; `function` if it has none. */
export function nameOf(node: Tree, parent: Tree | undefined): string {
  const hasKey = parent?.type === 'Property' || parent?.type === 'MethodDefinition';
  const id = (node.id ?? (hasKey ? parent.key : parent?.id)) as Tree | undefined;
  return String(id?.name ?? id?.value ?? 'function');
}
