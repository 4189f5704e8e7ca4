/** The patterns of the author API as source text, so that the debugger steps through them. */
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
