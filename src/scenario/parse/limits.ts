/** Limits of a scenario file as YAML, checked before the YAML library parses it. */
import { CST, Lexer } from 'yaml';
import type { Mistake } from '../problem.ts';

// The lexer of the library takes linear time, and its parser does so within these limits only: each
// explicit key doubles its work, each key of a map is compared with all others, and it follows
// nested values by recursion. So the tokens are counted first.

const sourceMax = 8_000_000;
const tokensMax = 100_000;
/** For a value, a step, or the space before one. */
export const lengthMax = 20_000;
const depthMax = 50;
const anchorsMax = 100;

/** What exceeds a limit, and where. */
export interface Excess {
  readonly mistake: Mistake;
  readonly start: number;
  readonly end: number;
}

/** The first place at which the file exceeds a limit; undefined if it may be parsed. */
export function excessOf(source: string): Excess | undefined {
  if (source.length > sourceMax) {
    const message = `the file has more than ${shown(sourceMax)} characters`;
    return { mistake: { code: 'file-too-large', message }, start: 0, end: 0 };
  }
  const tokens = new TokenCounter();
  let offset = 0;
  for (const token of new Lexer().lex(source)) {
    const mistake = tokens.add(token);
    if (mistake !== undefined) return { mistake, start: offset, end: offset + 1 };
    offset += tokens.wasMark ? 0 : token.length;
  }
  return undefined;
}

class TokenCounter {
  private tokens = 0;
  private anchors = 0;
  private aliases = 0;
  /** Open brackets and braces. */
  private brackets = 0;
  /** The columns at which the block lists and maps around the token begin. */
  private readonly columns: number[] = [];
  private column = 0;
  /** True until the first token of a line, or of a list item, that is not a space. */
  private isFirst = true;
  /** Whether the next token is a plain scalar, or the content of a block scalar. */
  private isScalar = false;

  /** Whether the last token was a mark of the lexer, which is not a part of the source. */
  wasMark = false;

  add(token: string): Mistake | undefined {
    this.tokens++;
    if (this.tokens > tokensMax) return tooMany('words and signs', tokensMax);
    // After its mark, a plain scalar may look like any token.
    const type = this.isScalar ? null : CST.tokenType(token);
    this.wasMark = type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end';
    this.isScalar = type === 'scalar';
    if (this.wasMark) return undefined;
    if (type === 'explicit-key-ind') return explicitKey;
    if (type === 'anchor' && ++this.anchors > anchorsMax) return tooMany('anchors', anchorsMax);
    if (type === 'alias' && ++this.aliases > anchorsMax) return tooManyAliases;
    if (type !== 'comment' && token.length > lengthMax) return tooLong;
    this.place(token, type);
    return this.columns.length + this.brackets > depthMax ? tooDeep : undefined;
  }

  private place(token: string, type: CST.TokenType | null): void {
    if (type === 'byte-order-mark') return;
    if (type === 'newline') {
      this.column = 0;
      this.isFirst = true;
      return;
    }
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.brackets++;
    if ((type === 'flow-map-end' || type === 'flow-seq-end') && this.brackets > 0) this.brackets--;
    const isContent = type !== 'space' && type !== 'comment';
    if (isContent && this.isFirst && this.brackets === 0) this.openBlock();
    if (isContent) this.isFirst = type === 'seq-item-ind';
    const newline = token.lastIndexOf('\n');
    this.column = newline < 0 ? this.column + token.length : token.length - newline - 1;
    if (newline >= 0 && this.column === 0) this.isFirst = true;
  }

  /** A list or map begins at this column, unless one that began there goes on. */
  private openBlock(): void {
    while (this.columns.length > 0 && this.columns.at(-1)! > this.column) this.columns.pop();
    if (this.columns.at(-1) !== this.column) this.columns.push(this.column);
  }
}

const explicitKey: Mistake = {
  code: 'explicit-key',
  message: 'a key cannot begin with `?`',
  hint: 'write `name: value`',
};

const tooManyAliases: Mistake = {
  code: 'yaml-alias',
  message: `the file has more than ${anchorsMax} aliases`,
  hint: 'write out what they stand for',
};

export const tooLong: Mistake = {
  code: 'file-too-large',
  message: `this part of the file has more than ${shown(lengthMax)} characters`,
};

const tooDeep: Mistake = {
  code: 'nested-too-deep',
  message: `values are nested more than ${depthMax} deep`,
};

function tooMany(what: string, limit: number): Mistake {
  return { code: 'file-too-large', message: `the file has more than ${shown(limit)} ${what}` };
}

function shown(limit: number): string {
  return limit.toLocaleString('en-US');
}
