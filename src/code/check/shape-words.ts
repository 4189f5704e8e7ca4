/** Phrases about the parts of a protocol that are wrong. */
import { shown } from '../../kernel/data/shown.ts';
import { didYouMean, oneOf } from '../../scenario/suggest.ts';

/** The value that was found instead; empty if there is none. */
export function notThis(value: unknown): string {
  return value === undefined ? '' : `, not ${shown(value, 60)}`;
}

export function hintFor(found: unknown, known: readonly string[]): string {
  const hint = typeof found === 'string' ? didYouMean(found, known) : undefined;
  return hint ?? (known.length === 0 ? 'there are none' : `write ${oneOf(known)}`);
}

/** The message about a name that an earlier version had. */
export function renamed(name: string, newName: string): string {
  return `\`${name}\` is now called \`${newName}\`: rename it`;
}

export function kindProblem(kind: unknown, known: readonly string[]): string {
  const found = kind === undefined ? 'its kind is missing' : `${shown(kind, 60)} is not a kind`;
  return `${found}: ${hintFor(kind, known)}`;
}
