/** The names that statements and parameters declare. */
import { isFunction, partsOf, type Tree } from './syntax.ts';

/** The names that a pattern declares: `{ term, entries: [first] }` declares `term` and `first`. */
export function namesOf(pattern: Tree | null): string[] {
  if (pattern === null) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name as string];
    case 'ObjectPattern':
      return (pattern.properties as Tree[]).flatMap((one) =>
        namesOf((one.value ?? one.argument) as Tree),
      );
    case 'ArrayPattern':
      return (pattern.elements as (Tree | null)[]).flatMap(namesOf);
    case 'AssignmentPattern':
      return namesOf(pattern.left as Tree);
    case 'RestElement':
      return namesOf(pattern.argument as Tree);
    default:
      return [];
  }
}

export function parameterNames(callable: Tree): string[] {
  return (callable.params as Tree[]).flatMap(namesOf);
}

/**
 * The variables that a list of statements declares in its own block. Functions and classes are left
 * out: the debugger would show only their source.
 */
export function declaredIn(statements: readonly Tree[]): string[] {
  return statements
    .filter(({ type, kind }) => type === 'VariableDeclaration' && kind !== 'var')
    .flatMap(declared);
}

/** The `var` names of a function, in whatever block of it they are declared. */
export function variablesOf(body: Tree): string[] {
  const own = body.type === 'VariableDeclaration' && body.kind === 'var' ? declared(body) : [];
  const inner = partsOf(body).filter((part) => !isFunction(part));
  return [...own, ...inner.flatMap(variablesOf)];
}

function declared(declaration: Tree): string[] {
  return (declaration.declarations as Tree[]).flatMap(({ id }) => namesOf(id as Tree));
}
