/** `breaks:` of a broken twin: what it names must exist. */
import { isScalar } from 'yaml';
import type { Protocol } from '../../protocol/types.ts';
import { unknownName } from '../suggest.ts';
import type { Expectation, Step, Until } from '../scenario.ts';
import type { Problems } from './positions.ts';

interface Violable {
  readonly protocol: Protocol;
  readonly steps: readonly Step[];
  readonly expect: readonly Expectation[];
  readonly until?: Until;
}

/** Returns the name, and warns if nothing in the scenario or its protocol has it. */
export function parseBreaks(
  node: unknown,
  { protocol, steps, expect, until }: Violable,
  problems: Problems,
): string | undefined {
  const name = isScalar(node) ? node.value : undefined;
  if (typeof name !== 'string') return undefined;
  const listed = [...Object.keys(protocol.invariants), ...expect.map(({ text }) => text)];
  const known = new Set([
    ...listed,
    ...Object.keys(protocol.derivedEvents ?? {}),
    ...steps.map(({ text }) => text),
    ...(until === undefined ? [] : [`until: ${until.text}`]),
  ]);
  // A line of `expect` with a problem is not among the known ones.
  if (known.has(name) || isHandler(name) || problems.list.length > 0) return name;
  const lacks = 'no invariant or line of `expect` is named';
  problems.warn(node, unknownName('unknown-breaks', lacks, name, listed));
  return name;
}

/** The verdict on a handler that throws begins like this: `n2, handling Prepare`. */
function isHandler(name: string): boolean {
  return /^\S+, (handling|running the operation|booting)\b/.test(name);
}
