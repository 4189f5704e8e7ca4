/** Splits a command into words: a quoted string is one word; so are `->`, `|` and a final colon. */
import type { Fault } from '../problem.ts';

export interface Token {
  /** The word as it is written. */
  readonly text: string;
  /** The word without its quotes. */
  readonly value: string;
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** The words up to a comment (` # …`); `unclosed` is the position of a quote that is not closed. */
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
      // The colon after a placement (`after LeaderElected: crash n1`) is a word of its own.
      const colon = text[end - 1] === ':' && end - 1 > at ? end - 1 : end;
      tokens.push(tokenOf(text, at, colon));
      at = colon;
    }
  }
  return { tokens };
}

export function openQuote(start: number, end: number): Fault {
  const message = 'this quote is not closed';
  return { code: 'open-quote', message, hint: 'add the closing quote', start, end };
}

/** Where a comment begins: at a `#` after a space or at the start, outside quotes; else the end. */
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

/** The end of the word that begins at `start`; −1 if its quote is not closed. */
function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const character = text[at];
    // A list is one word, with the spaces in it: `[a, b]`, or `keys=[a, b]`.
    if (character === '[' && (at === start || text[at - 1] === '=')) {
      const close = listEnd(text, at);
      if (close > 0) return close;
    }
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

/** The position after the bracket that closes a list; −1 if none does. */
function listEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === ']') return at + 1;
    if (text[at] !== '"' && text[at] !== "'") continue;
    // As elsewhere, a quote begins a string only at the start of a value.
    if (text[at] === "'" && !/[[,\s]/.test(text[at - 1])) continue;
    at = closingQuote(text, at);
    if (at < 0) return -1;
  }
  return -1;
}

/** The items of a word such as `[a, "b c"]`, each as a word; undefined if it is not a list. */
export function listItems({ text, start }: Token, from = 0): Token[] | undefined {
  if (text[from] !== '[' || listEnd(text, from) !== text.length) return undefined;
  const items: Token[] = [];
  let at = from + 1;
  const end = text.length - 1;
  while (at < end) {
    const begin = at;
    while (at < end && text[at] !== ',') {
      const isQuote = text[at] === '"' || (text[at] === "'" && /[[,\s]/.test(text[at - 1]));
      at = isQuote ? closingQuote(text, at) + 1 : at + 1;
    }
    const item = text.slice(begin, at);
    const inside = begin + item.length - item.trimStart().length;
    items.push(tokenOf(text, inside, Math.max(inside, begin + item.trimEnd().length)));
    // After a comma there is another item, be it empty.
    if (at + 1 === end && text[at] === ',') items.push(tokenOf(text, end, end));
    at++;
  }
  const isEmpty = items.length === 1 && items[0].text === '';
  return isEmpty
    ? []
    : items.map((item) => ({ ...item, start: start + item.start, end: start + item.end }));
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
 * The position of the colon that ends a condition (`when a ? b : c: crash n1`), or −1. It is
 * outside brackets and quotes, does not belong to a `? :`, and a space or the end follows it.
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
