/** Refuses source that a protocol must not have, before any of it runs. */
import { tokenizer } from 'acorn';
import {
  attempt,
  bySource,
  CodeFault,
  type CodeFaultCode,
  type SourcePlace,
} from '../code-fault.ts';
import { generatedCode, isHidden, noMathRandom, notAvailable } from '../limits/hidden-globals.ts';
import { identifier, requested, variablesIn } from '../transform/generated.ts';
import { declaredIn, namesOf, parameterNames } from '../transform/names-in-scope.ts';
import { strip, type Stripped } from '../transform/strip.ts';
import { isFunction, noAsync, parsed, type Tree, visit } from '../transform/syntax.ts';

/**
 * All faults of a file: it cannot be parsed, awaits something, keeps state in a module, or uses a
 * name that protocols have no access to.
 */
export function sourceFaults(stripped: () => Stripped): CodeFault[] {
  const faults: CodeFault[] = [];
  const file = attempt(stripped, faults);
  const tree = file && attempt(() => parsed(file), faults);
  if (tree === undefined) return faults;
  const refuse = (node: Tree, code: CodeFaultCode, message: string): void => {
    const place = placeOf(node, file!);
    faults.push(new CodeFault(code, message, place));
  };
  attempt(() => checkNamespaces(file!), faults);
  const body = tree.body as Tree[];
  for (const variable of variablesIn(body)) {
    const instead = 'keep what changes in node.state, and declare the rest with `const`';
    const message = `a module cannot declare variables with \`${String(variable.kind)}\``;
    refuse(variable, 'module-variable', `${message}: ${instead}`);
  }
  for (const statement of body) {
    const taken = declaredIn([statement]).find((name) => moduleParameters.includes(name));
    if (taken === undefined) continue;
    refuse(statement, 'reserved-name', `\`${taken}\` is reserved in modules: choose another name`);
  }
  checkParts(tree, file!, refuse);
  return faults.toSorted(bySource([file!.file]));
}

type Refuse = (node: Tree, code: CodeFaultCode, message: string) => void;

function checkParts(tree: Tree, file: Stripped, refuse: Refuse): void {
  const imports = new Set((tree.body as Tree[]).flatMap(importsIn));
  const declared = new Set<string>();
  visit(tree, undefined, (node) => {
    for (const name of namesDeclaredBy(node)) declared.add(name);
  });
  // An `await` in an async function is only a consequence of the `async`.
  let asyncUntil = 0;
  visit(tree, undefined, (node, parent) => {
    const found = faultOf(node, parent, imports) ?? hiddenUse(node, parent, declared);
    if (found === undefined) return;
    const [code, message] = found;
    // Stripping types turns `import()` into code with a promise that the author did not write.
    if (code === 'unavailable-global' && !isWritten(node, file)) return;
    if (code === 'async-code') {
      if (node.start < asyncUntil) return;
      asyncUntil = node.end;
    }
    refuse(node, code, message);
  });
}

function placeOf(node: Tree, { file, columnOf }: Stripped): SourcePlace {
  const { line, column } = node.loc!.start;
  return { file, line, column: columnOf(line, column) };
}

/** Whether the source has a name where the code has it. */
function isWritten(node: Tree, file: Stripped): boolean {
  const { line, column } = placeOf(node, file);
  const text = file.source.split('\n')[line - 1] ?? '';
  return text.startsWith(identifier(node)!, column - 1);
}

/** A use of a global that workspace code cannot see, unless the file declares the name. */
function hiddenUse(
  node: Tree,
  parent: Tree | undefined,
  declared: ReadonlySet<string>,
): readonly [CodeFaultCode, string] | undefined {
  if (isMathRandom(node) && !declared.has('Math')) return ['random-number', noMathRandom];
  const name = identifier(node);
  if (name === undefined || declared.has(name) || !isHidden(name)) return undefined;
  if (parent !== undefined && isPropertyName(node, parent)) return undefined;
  // `typeof` is the usual test for an unknown name, and it does not throw.
  if (parent?.type === 'UnaryExpression' && parent.operator === 'typeof') return undefined;
  return ['unavailable-global', notAvailable(name)];
}

function isMathRandom({ type, object, property, computed }: Tree): boolean {
  if (type !== 'MemberExpression' || computed) return false;
  return identifier(object) === 'Math' && identifier(property) === 'random';
}

function namesDeclaredBy(node: Tree): string[] {
  const named = /^(Function|Class)(Declaration|Expression)$/.test(node.type) && node.id;
  const own = named ? namesOf(node.id as Tree) : [];
  if (isFunction(node)) return [...own, ...parameterNames(node)];
  if (node.type === 'VariableDeclarator') return namesOf(node.id as Tree);
  if (node.type === 'CatchClause') return namesOf(node.param as Tree | null);
  return own;
}

/** The parameters of the function that the code of a module becomes. */
const moduleParameters = ['exports', 'require'];

function faultOf(
  node: Tree,
  parent: Tree | undefined,
  imports: ReadonlySet<Tree>,
): readonly [CodeFaultCode, string] | undefined {
  const name = identifier(node);
  const isKey = parent !== undefined && isPropertyName(node, parent);
  if ((isFunction(node) && node['async'] === true) || node.type === 'AwaitExpression') {
    return ['async-code', noAsync];
  }
  // Outside of an async function the parser reads `await` as a name.
  if (name === 'await' && !isKey) return ['async-code', noAsync];
  if (name === 'require' && !isKey && !imports.has(parent!)) {
    const instead = 'use an import statement there';
    return ['import-not-at-top', `imports are allowed only at the top of a file: ${instead}`];
  }
  if (name === 'eval' && !isKey) {
    return ['generated-code', `${generatedCode}: write the code instead of calling eval`];
  }
  return undefined;
}

/** The calls of `require` that import statements became. */
function importsIn(statement: Tree): Tree[] {
  const declared = (statement.declarations ?? []) as Tree[];
  const calls = [...declared.map(({ init }) => init), statement.expression] as (Tree | null)[];
  return calls.flatMap((call) => (call && requested(call) !== undefined ? [call] : []));
}

/** Whether an identifier is the name of a property: `options.eval`, `{ eval: … }`. */
function isPropertyName(node: Tree, parent: Tree): boolean {
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  const isPart = /^(Property|MethodDefinition|PropertyDefinition)$/.test(parent.type);
  return isPart && parent.key === node && parent.value !== node && !parent.computed;
}

/**
 * Refuses a namespace with code in it. Stripping removes namespaces as it removes types, so without
 * this check the code would be missing at run time. One that holds only types is allowed.
 */
function checkNamespaces({ file, source, code }: Stripped): void {
  if (!/\b(namespace|module)\b/.test(source)) return;
  const stripped = code.split('\n');
  const lines = source.split('\n');
  let lineStart = 0;
  for (const [index, line] of lines.entries()) {
    const found = /(?:^|[;}]|\bexport)\s*(?:namespace|module)\s+[\w$.]+\s*\{/.exec(line);
    // Stripping keeps comments and strings, so what is still there is one of these.
    if (found && !/\b(namespace|module)\s+[\w$.]+\s*\{/.test(stripped[index])) {
      const open = lineStart + found.index + found[0].length - 1;
      if (!holdsOnlyTypes(source.slice(open))) {
        const column = found.index + found[0].search(/\b(namespace|module)\b/) + 1;
        const instead = 'move its constants and functions into a file of their own';
        const message = `namespaces are not supported: ${instead}`;
        throw new CodeFault('namespace', message, { file, line: index + 1, column });
      }
    }
    lineStart += line.length + 1;
  }
}

/** Whether nothing is left of a block, which begins with its brace, when its types are stripped. */
function holdsOnlyTypes(block: string): boolean {
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
    // The tokenizer does not know types and may fail. Refusing is the safe answer.
  }
  return false;
}
