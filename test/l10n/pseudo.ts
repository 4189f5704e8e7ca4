/** A language that no person speaks, for tests: English in brackets, with the vowels accented. */

const accents: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' };

export const mark = '⟦';

export function pseudo(english: string): string {
  return `${mark}${english.replace(/[aeiou](?![^{]*\})/g, (letter) => accents[letter]!)}⟧`;
}

/** All values of a file of words, in that language. */
export function pseudoOf(words: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([key, text]) => [key, pseudo(text)]));
}
