/** Refuses source that a protocol must not have, before any of it runs. */
import { tokenizer } from 'acorn';
import { CodeFault, type CodeFaultCode } from '../code-fault.ts';
import { generatedCode } from '../limits/hidden-globals.ts';
import { identifier, requested, variablesIn } from '../transform/generated.ts';
import { declaredIn } from '../transform/names-in-scope.ts';
import { strip, type Stripped } from '../transform/strip.ts';
import { isFunction, noAsync, parsed, type Tree, visit } from '../transform/syntax.ts';

/** Throws a `CodeFault` for source that cannot be parsed, waits, or keeps state in a module. */
export function checkSource(file: Stripped): void {
  const tree = parsed(file);
  const refuse = (node: Tree, code: CodeFaultCode, message: string): never => {
    const { line, column } = node.loc!.start;
    const place = { file: file.file, line, column: file.columnOf(line, column) };
    throw new CodeFault(code, message, place);
  };
  checkNamespaces(file);
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
  const imports = new Set(body.flatMap(importsIn));
  visit(tree, undefined, (node, parent) => {
    const [code, message] = faultOf(node, parent, imports) ?? [];
    if (code !== undefined) refuse(node, code, message!);
  });
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
