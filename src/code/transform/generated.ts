/** Recognizes the code that stripping generates for imports, exports and enums. */
import { declaredIn } from './names-in-scope.ts';
import type { Tree } from './syntax.ts';

const helper =
  /^_(interopRequireWildcard|interopRequireDefault|createNamedExportFrom|createStarExport)\d*$/;

/** Whether a statement of a module was generated: the debugger never stops in it. */
export function isGenerated(statement: Tree): boolean {
  if (statement.type === 'FunctionDeclaration') return helper.test(identifier(statement.id) ?? '');
  if (statement.type === 'ExpressionStatement') return isEnum(statement.expression as Tree);
  if (statement.type !== 'VariableDeclaration' || statement.kind !== 'var') return false;
  return (statement.declarations as Tree[]).every(({ init }) => isImport(init as Tree | null));
}

/** The names of a module that cannot be assigned: its constants, functions, classes and enums. */
export function declaredConstants(body: readonly Tree[]): string[] {
  const enums = body.flatMap((one) => enumName(one) ?? []);
  const called = body
    .filter((one) => /^(Function|Class)Declaration$/.test(one.type) && !isGenerated(one))
    .map(({ id }) => identifier(id)!);
  const constants = declaredIn(body.filter(({ kind }) => kind === 'const'));
  return [...new Set([...constants, ...called, ...enums])];
}

/** Freezes what a module declares, so that all state of a run is in its nodes. */
export function freezing(body: readonly Tree[], hook: string): string {
  const names = declaredConstants(body);
  return names.length === 0 ? '' : `\n;${hook}.freeze([${names.join()}]);`;
}

/** The declarations of variables, rather than constants, that the author of a module wrote. */
export function variablesIn(body: readonly Tree[]): Tree[] {
  const enums = new Set(body.flatMap((one) => enumName(one) ?? []));
  return body.filter((one) => {
    if (one.type !== 'VariableDeclaration' || one.kind === 'const' || isGenerated(one)) {
      return false;
    }
    const [first, ...others] = one.declarations as Tree[];
    // An enum `E` begins with `var E;`.
    const isOfEnum = one.kind === 'var' && others.length === 0 && !first.init;
    return !(isOfEnum && enums.has(identifier(first.id) ?? ''));
  });
}

/** The module that a call of `require` names; undefined for any other expression. */
export function requested(call: Tree | null | undefined): string | undefined {
  if (call?.type !== 'CallExpression' || identifier(call.callee) !== 'require') return undefined;
  const [first] = call.arguments as Tree[];
  return first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
}

/** For a call of a generated helper, such as `_interopRequireDefault(_lock)`: name, arguments. */
export function helperCall(call: Tree | null | undefined) {
  if (call?.type !== 'CallExpression') return undefined;
  const name = helper.exec(identifier(call.callee) ?? '')?.[1];
  return name === undefined ? undefined : { name, given: call.arguments as Tree[] };
}

function isImport(init: Tree | null): boolean {
  return requested(init) !== undefined || helperCall(init) !== undefined;
}

/** `(function (Color) { … })(Color || (Color = {}))`. */
function isEnum(expression: Tree): boolean {
  if (expression.type !== 'CallExpression') return false;
  const [given, ...others] = expression.arguments as Tree[];
  if ((expression.callee as Tree).type !== 'FunctionExpression' || others.length > 0) return false;
  if (given?.type !== 'LogicalExpression' || given.operator !== '||') return false;
  const right = given.right as Tree;
  return identifier(given.left) !== undefined && right.type === 'AssignmentExpression';
}

function enumName(statement: Tree): string | undefined {
  if (statement.type !== 'ExpressionStatement' || !isGenerated(statement)) return undefined;
  const [given] = (statement.expression as Tree).arguments as Tree[];
  return identifier(given.left);
}

/** The name of an identifier; undefined for any other node. */
export function identifier(node: unknown): string | undefined {
  const tree = node as Tree | null | undefined;
  return tree?.type === 'Identifier' ? (tree.name as string) : undefined;
}
