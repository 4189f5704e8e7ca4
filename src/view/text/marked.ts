/** Words that mark code as Markdown does, `like this`: panels show it in the font of code. */

export interface Piece {
  readonly text: string;
  readonly isCode: boolean;
}

/** A mark that is not closed on its line is text. */
export function piecesOf(words: string): Piece[] {
  // Each second part is what the group has matched.
  return words.split(/`([^`\n]+)`/).flatMap((text, index) => {
    return text === '' ? [] : [{ text, isCode: index % 2 === 1 }];
  });
}

/** For a tooltip or a label, which has one font. */
export function unmarked(words: string): string {
  return words.replace(/`([^`\n]+)`/g, '$1');
}

export function unmarkedDocs(docs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(docs).map(([name, doc]) => [name, unmarked(doc)]));
}
