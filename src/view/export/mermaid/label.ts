/** Labels of Mermaid diagrams in which nothing can become syntax. */

/** A longer label would make the picture unreadable. */
const lettersMost = 120;

/**
 * Mermaid writes a character as `#` with its code point and `;`. Only letters, digits, spaces,
 * commas and full stops stay as they are: labels of some diagrams are Markdown. `end` closes a
 * block, and the signs by which Mermaid marks such a character are characters, too.
 */
export function mermaidLabel(text: string, most = lettersMost): string {
  const plain = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...(plain === '' ? '–' : plain)];
  const cut = letters.length > most ? [...letters.slice(0, most - 1), '…'] : letters;
  return cut
    .join('')
    .replace(/[^\p{L}\p{N} ,.–·×…]|\ufb02|\u00b6/gu, code)
    .replace(/\b(e)(nd)\b/gi, (_whole, first: string, rest: string) => code(first) + rest)
    .replace(/^\d+\./, (number) => number.replace('.', code('.')));
}

function code(sign: string): string {
  return `#${sign.codePointAt(0)};`;
}

/** Several lines of one label, without those that are empty. */
export function mermaidLines(lines: readonly string[]): string {
  return lines.filter((line) => line.trim() !== '').map((line) => mermaidLabel(line)).join('<br/>');
}
