/** Finds out which protocols use a pattern of the author API. */
import { bundledPatterns } from '../pattern-sources.ts';
import { identifier, requested } from '../transform/generated.ts';
import type { Stripped } from '../transform/strip.ts';
import { parsed, type Tree } from '../transform/syntax.ts';
import { lockstepModule } from './imports.ts';

/** Whether a module may use a pattern. */
export function mayUsePatterns(file: Stripped): boolean {
  const declared = (parsed(file).body as Tree[]).flatMap(
    ({ declarations }) => (declarations ?? []) as Tree[],
  );
  const modules = declared.filter(({ init }) => requested(init as Tree | null) === lockstepModule);
  return modules.some(({ id }) => usesPattern(file.code, identifier(id) ?? ''));
}

/** `module` is the variable that holds the author API. */
function usesPattern(code: string, module: string): boolean {
  const uses = [...code.matchAll(new RegExp(`\\b${module}\\b(?:\\.(\\w+))?`, 'g'))].slice(1);
  // If it is passed on as a whole, it may be used for anything.
  return uses.some(([, name]) => name === undefined || Object.hasOwn(bundledPatterns, name));
}
