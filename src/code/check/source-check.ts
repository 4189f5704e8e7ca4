/** What the sources of a protocol must be, before they run: faults with their places. */
import { tokenizer } from 'acorn';
import { CodeFault } from '../code-fault.ts';
import { identifier, requested, variablesIn } from '../transform/generated.ts';
import { declaredIn } from '../transform/names-in-scope.ts';
import { strip, type Stripped } from '../transform/strip.ts';
import { isFunction, noWaiting, parsed, type Tree, visit } from '../transform/syntax.ts';

/** Refuses what cannot be parsed, waits, or keeps state beside the nodes' own. */
export function checkSource(text: Stripped): void {
  const tree = parsed(text);
  const refuse = (node: Tree, message: string): never => {
    const { line, column } = node.loc!.start;
    throw new CodeFault(message, text.file, line, text.columnOf(line, column));
  };
  checkNamespaces(text);
  const body = tree.body as Tree[];
  for (const variable of variablesIn(body)) {
    const kept = 'what a node remembers belongs into node.state, the rest is const';
    refuse(variable, `a module keeps no \`${String(variable.kind)}\`: ${kept}`);
  }
  for (const statement of body) {
    const taken = declaredIn([statement]).find((name) => modulesOwn.includes(name));
    if (taken) refuse(statement, `\`${taken}\` is a name of every module's own: choose another`);
  }
  const imports = new Set(body.flatMap(importedBy));
  visit(tree, undefined, (node, parent) => {
    const problem = problemOf(node, parent, imports);
    if (problem !== undefined) refuse(node, problem);
  });
}

/** What stands before the code of every module. */
const modulesOwn = ['exports', 'require'];

function problemOf(
  node: Tree,
  parent: Tree | undefined,
  imports: ReadonlySet<Tree>,
): string | undefined {
  const name = identifier(node);
  const isKey = parent !== undefined && isNameOfPart(node, parent);
  if ((isFunction(node) && node['async'] === true) || node.type === 'AwaitExpression') {
    return noWaiting;
  }
  if (name === 'await' && !isKey) return noWaiting;
  if (name === 'require' && !isKey && !imports.has(parent!)) {
    return 'import at the top of the file instead';
  }
  if (name === 'eval' && !isKey) {
    return 'there is no eval in a protocol: code made of text has no lines';
  }
  return undefined;
}

/** The calls of `require` that stand for the imports of a module. */
function importedBy(statement: Tree): Tree[] {
  const declared = (statement.declarations ?? []) as Tree[];
  const calls = [...declared.map(({ init }) => init), statement.expression] as (Tree | null)[];
  return calls.flatMap((call) => (call && requested(call) !== undefined ? [call] : []));
}

/** `options.eval`, `{ eval: … }`: a name that says nothing of what it names. */
function isNameOfPart(node: Tree, parent: Tree): boolean {
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  const isPart = /^(Property|MethodDefinition|PropertyDefinition)$/.test(parent.type);
  return isPart && parent.key === node && parent.value !== node && !parent.computed;
}

/** Namespaces vanish with the types: one that holds more than types would be missed. */
function checkNamespaces({ file, source, code }: Stripped): void {
  if (!/\b(namespace|module)\b/.test(source)) return;
  const now = code.split('\n');
  for (const [index, line] of source.split('\n').entries()) {
    const found = /(?:^|[;}]|\bexport)\s*(?:namespace|module)\s+[\w$.]+\s*\{/.exec(line);
    // What still stands there is a comment or a text.
    if (!found || /\b(namespace|module)\s+[\w$.]+\s*\{/.test(now[index])) continue;
    const start = source.split('\n').slice(0, index).join('\n').length + (index > 0 ? 1 : 0);
    const open = start + found.index + found[0].length - 1;
    if (!holdsTypesAlone(source.slice(open))) {
      const instead = 'write what is in it as constants and functions of a file of its own';
      const column = found.index + found[0].search(/\b(namespace|module)\b/) + 1;
      throw new CodeFault(`a namespace is not read here: ${instead}`, file, index + 1, column);
    }
  }
}

function holdsTypesAlone(block: string): boolean {
  let depth = 0;
  try {
    for (const { type, end } of tokenizer(block, { ecmaVersion: 2023 })) {
      if (type.label === '{' || type.label === '${') depth++;
      if (type.label === '}' && --depth === 0) {
        const { code } = strip('', block.slice(1, end - 1));
        const rest = code.replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
        return /^"use strict";\s*(Object\.defineProperty\([^)]*\);)?\s*$/.test(rest);
      }
    }
  } catch {
    // It cannot be told: what it holds would be missed.
  }
  return false;
}
