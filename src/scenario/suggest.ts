/** Phrases for names and values that a scenario gets wrong, the same for every kind of them. */
import type { Protocol } from '../protocol/types.ts';
import type { Mistake, ProblemCode } from './problem.ts';

/** A long list of names is cut off, because a message must fit on one line. */
const namesMax = 20;

/**
 * A name that is not known. `lacks` says what does not have it: `there is no node`, `raft has no
 * event`. The hint is the name that was probably meant, or else the known names.
 */
export function unknownName(
  code: ProblemCode,
  lacks: string,
  name: string,
  known: readonly string[],
): Mistake {
  const message = `${lacks} \`${name}\``;
  const hint = didYouMean(name, known) ?? (known.length > 0 ? useOneOf(known) : undefined);
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** `` `seed` must be an integer, not `much` ``; `found` is a value as `shownValue` returns it. */
export function mustBe(name: string, expected: string, found: string | undefined): string {
  return `${name} must be ${expected}, ${found === undefined ? 'but it is empty' : `not ${found}`}`;
}

/** A value of a file in a few words; undefined if there is none. */
export function shownValue(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `\`${String(value).slice(0, 40)}\``;
}

/** ``did you mean `pause`?`` if one of the known words is near enough. */
export function didYouMean(found: string, known: Iterable<string>): string | undefined {
  const others = [...known].filter((one) => one !== found);
  const nearest = nearestWord(found, others);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}

/**
 * The protocol that was probably meant: by a typo, by one of its other names, or by the first word
 * of its name: `zookeeper` is `zookeeper-lock`.
 */
export function nearestProtocol(
  found: string,
  library: readonly Pick<Protocol, 'name' | 'aliases'>[],
): string | undefined {
  const word = found.toLowerCase();
  const named = library.find(
    ({ name, aliases = [] }) => aliases.includes(word) || name === `${word}-lock`,
  );
  return named?.name ?? nearestWord(found, library.map(({ name }) => name));
}

/** `use a, b or c`. */
export function useOneOf(words: readonly string[]): string {
  const isCut = words.length > namesMax;
  return `use ${isCut ? `${words.slice(0, namesMax).join(', ')} …` : oneOf(words)}`;
}

/** The words as a list to choose from: `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  if (words.length === 0) return 'nothing';
  if (words.length === 1) return words[0];
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}

export function nearestWord(found: string, known: Iterable<string>): string | undefined {
  const word = found.toLowerCase();
  if (word.length > 40) return undefined;
  // One typo in a short word, up to three in a long one.
  let best = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
  let nearest: string | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= best) continue;
    const distance = editDistance(word, candidate.toLowerCase());
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Damerau–Levenshtein (optimal string alignment): insert, delete, replace, or swap neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) {
        distance = Math.min(distance, beforeLast[column - 2] + 1);
      }
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}
