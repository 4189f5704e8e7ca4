/** The constants that are visible in a module: its own, and those that it imports. */
import type { Stripped } from './strip.ts';
import { namesOf } from './names-in-scope.ts';
import { isFunction, type Tree } from './syntax.ts';

const imports = /\bimport\s*\{([^}]*)\}\s*from\s*(['"])(\.[^'"\n]+)\2/g;

/**
 * Each name with the expression that reads it in the stripped code, where an imported name is a
 * property of a module. The names of an import are read from the source: the code no longer has
 * them.
 */
export function moduleNames(tree: Tree, { source }: Stripped): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const modules = new Map<string, string>();
  for (const { id, init } of declarators(tree)) {
    const module = requiredBy(init);
    if (module !== undefined) modules.set(module, String(id.name));
    else if (!isFunction(init)) for (const name of namesOf(id)) found.set(name, name);
  }
  for (const [, list, , module] of source.matchAll(imports)) {
    const holder = modules.get(module);
    // Types alone are imported, so stripping removed the import.
    if (holder === undefined) continue;
    for (const part of list.split(',')) {
      const match = /^\s*([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(part);
      if (match) found.set(match[2] ?? match[1], `${holder}.${match[1]}`);
    }
  }
  return found;
}

/** The variables of a module with their initial values. */
function declarators(tree: Tree): { id: Tree; init: Tree }[] {
  return (tree.body as Tree[])
    .filter(({ type }) => type === 'VariableDeclaration')
    .flatMap(({ declarations }) => declarations as { id: Tree; init: Tree | null }[])
    .filter((one): one is { id: Tree; init: Tree } => one.init !== null);
}

/** The module that a call of `require` names. */
function requiredBy(init: Tree): string | undefined {
  const callee = init.callee as Tree | undefined;
  if (init.type !== 'CallExpression' || callee?.name !== 'require') return undefined;
  return String((init.arguments as Tree[])[0]?.value);
}
