/** The patterns of the author API as source text, so that the debugger steps through their lines. */
import * as patterns from '../protocol/patterns.ts';
import sources from '../protocol/patterns.ts?sources';

/**
 * The name of their file among the files of a protocol. A file of a workspace cannot have it by
 * accident, and messages and call stacks show it.
 */
export const patternsFile = '<lockstep>/patterns.ts';

/** Where the file is below the folder that contains `protocol` and `protocols`. */
export const patternsPath = 'protocol/patterns.ts';

export const patternsSource = sources['patterns.ts'];

/** The same code from the bundle, for hosts that run no source text. */
export const bundledPatterns: Readonly<Record<string, unknown>> = patterns;

/** The sources of a protocol with those of the patterns. */
export function withPatterns(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...files, [patternsFile, patternsSource]]);
}

const names = Object.keys(patterns).join('|');

/** Whether the code of a module may use a pattern, after its types were stripped. */
export function mayUsePatterns(code: string): boolean {
  return [...code.matchAll(/\b(\w+) = require\(['"]lockstep['"]\)/g)].some(([, module]) => {
    const uses = [...code.matchAll(new RegExp(`\\b${module}\\b(?:\\.(\\w+))?`, 'g'))].slice(1);
    // A module that is passed on as a whole may be used for anything.
    return uses.some(([, name]) => name === undefined || new RegExp(`^(?:${names})$`).test(name));
  });
}
