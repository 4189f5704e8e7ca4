/** The word that a misspelt one was meant to be. */

/** `did you mean "pause"?` where one of the words is near enough. */
export function didYouMean(found: string, known: Iterable<string>): string | undefined {
  const nearest = nearestWord(found, known);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
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
  // One slip in a short word, up to three in a long one.
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
export function editDistance(a: string, b: string): number {
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
