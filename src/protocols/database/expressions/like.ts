/** The patterns of LIKE: `%` stands for any text, `_` for one character. */

type Part = 'any text' | 'any character' | { readonly literal: string };

/** Goes back to the last `%` only, so that no pattern takes long. */
export function likePattern(pattern: string, anyCase: boolean, text: string): boolean {
  const parts = partsOf(anyCase ? pattern.toLowerCase() : pattern);
  const characters = [...(anyCase ? text.toLowerCase() : text)];
  let at = 0;
  let part = 0;
  let retry: { readonly part: number; at: number } | undefined;
  while (at < characters.length) {
    const next = parts[part];
    if (next === 'any text') {
      part++;
      retry = { part, at };
    } else if (next === 'any character' || next?.literal === characters[at]) {
      part++;
      at++;
    } else if (retry === undefined) return false;
    else {
      part = retry.part;
      at = ++retry.at;
    }
  }
  return parts.slice(part).every((one) => one === 'any text');
}

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i];
    if (character === '%') parts.push('any text');
    else if (character === '_') parts.push('any character');
    else {
      const isEscape = character === '\\' && i + 1 < characters.length;
      parts.push({ literal: isEscape ? characters[++i] : character });
    }
  }
  return parts;
}
