/** A command's text as words with their places: a quoted text is one, `->` and `|` stand alone. */

export interface Token {
  /** As it is written. */
  readonly text: string;
  /** Without its quotes. */
  readonly value: string;
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** The words of `text` up to a comment (` # …`); `unclosed` is where a quote has no end. */
export function tokenize(text: string, from = 0): { tokens: Token[]; unclosed?: number } {
  const tokens: Token[] = [];
  let at = from;
  while (at < text.length) {
    const character = text[at];
    if (isSpace(character)) {
      at++;
    } else if (character === '#') {
      break;
    } else if (character === '|' || text.startsWith('->', at)) {
      const end = at + (character === '|' ? 1 : 2);
      const symbol = text.slice(at, end);
      tokens.push({ text: symbol, value: symbol, quoted: false, start: at, end });
      at = end;
    } else {
      const end = wordEnd(text, at);
      if (end < 0) return { tokens, unclosed: at };
      // The colon behind a placement (`after LeaderElected: crash n1`) is a word of its own.
      const colon = text[end - 1] === ':' && end - 1 > at ? end - 1 : end;
      tokens.push(tokenOf(text, at, colon));
      at = colon;
    }
  }
  return { tokens };
}

/** The end of the text before a comment: a `#` at the start or behind a space, outside quotes. */
export function commentStart(text: string): number {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quote !== '') {
      if (character === '\\' && quote === '"') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '#' && (at === 0 || isSpace(text[at - 1]))) {
      return at;
    }
  }
  return text.length;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

/** Where the word that begins at `start` ends; −1 where its quote is not closed. */
function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (isSpace(character) || character === '|' || text.startsWith('->', at)) return at;
    if (character === '"' || (character === "'" && (at === start || text[at - 1] === '='))) {
      const close = closingQuote(text, at);
      if (close < 0) return -1;
      at = close + 1;
    } else {
      at++;
    }
  }
  return at;
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\' && text[open] === '"') at++;
    else if (text[at] === text[open]) return at;
  }
  return -1;
}

function tokenOf(text: string, start: number, end: number): Token {
  const word = text.slice(start, end);
  const quoted = isQuoted(word);
  return { text: word, value: quoted ? unquoted(word) : word, quoted, start, end };
}

export function isQuoted(word: string): boolean {
  return word.length > 1 && (word[0] === '"' || word[0] === "'") && word.endsWith(word[0]);
}

export function unquoted(word: string): string {
  const inside = word.slice(1, -1);
  return word[0] === '"' ? inside.replace(/\\(.)/g, (_, character) => escaped(character)) : inside;
}

function escaped(character: string): string {
  return character === 'n' ? '\n' : character === 't' ? '\t' : character;
}

/**
 * Where the colon stands that ends a condition (`when a ? b : c: crash n1`): outside brackets and
 * quotes, not the second half of a choice, and before a space or the end; −1 where there is none.
 */
export function conditionEnd(text: string, from: number): number {
  let depth = 0;
  let choices = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"' || character === "'") {
      const close = closingQuote(text, at);
      if (close < 0) return -1;
      at = close;
    } else if ('([{'.includes(character)) {
      depth++;
    } else if (')]}'.includes(character)) {
      depth--;
    } else if (character === '?') {
      choices++;
    } else if (character === ':' && depth === 0) {
      if (choices > 0) choices--;
      else if (at + 1 === text.length || isSpace(text[at + 1])) return at;
    }
  }
  return -1;
}
