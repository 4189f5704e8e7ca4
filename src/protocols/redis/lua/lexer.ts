/** The words of a Lua script, with the lines on which they stand. */

export interface Token {
  readonly type: 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';
  /** As written, except for a string: there, what it contains. */
  readonly text: string;
  readonly line: number;
}

/** Raised for text that is not Lua; the text is what the compiler of Lua says. */
export class SyntaxFault {
  constructor(
    readonly line: number,
    readonly text: string,
  ) {}
}

const keywords = new Set([
  'and', 'break', 'do', 'else', 'elseif', 'end', 'false', 'for', 'function', 'if', 'in', 'local',
  'nil', 'not', 'or', 'repeat', 'return', 'then', 'true', 'until', 'while',
]);

const blank = /\s+|--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*/y;
const name = /[A-Za-z_]\w*/y;
const numeral = /0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const long = /\[(=*)\[\n?([\s\S]*?)\]\1\]/y;
const symbol = /\.\.\.|\.\.|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.]/y;

export function tokensOf(source: string): Token[] {
  return [...new Lexer(source).tokens()];
}

class Lexer {
  private at = 0;
  private line = 1;

  constructor(private readonly source: string) {}

  *tokens(): Generator<Token> {
    for (;;) {
      while (this.take(blank));
      if (this.at >= this.source.length) {
        yield { type: 'end', text: '<eof>', line: this.line };
        return;
      }
      yield this.token();
    }
  }

  private token(): Token {
    const { line } = this;
    const word = this.take(name)?.[0];
    if (word !== undefined) {
      return { type: keywords.has(word) ? 'keyword' : 'name', text: word, line };
    }
    const number = this.take(numeral)?.[0];
    if (number !== undefined) {
      if (this.take(name)) throw new SyntaxFault(line, `malformed number near '${number}'`);
      return { type: 'number', text: number, line };
    }
    const quote = this.source[this.at];
    if (quote === '"' || quote === "'") return { type: 'string', text: this.quoted(quote), line };
    const text = this.take(long);
    if (text !== undefined) return { type: 'string', text: text[2], line };
    const sign = this.take(symbol)?.[0];
    if (sign === undefined) throw new SyntaxFault(line, `unexpected symbol near '${quote}'`);
    return { type: 'symbol', text: sign, line };
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) return undefined;
    this.at = pattern.lastIndex;
    this.line += match[0].split('\n').length - 1;
    return match;
  }

  private quoted(quote: string): string {
    let text = '';
    for (this.at++; ; this.at++) {
      const one = this.source[this.at];
      if (one === quote) break;
      if (one === undefined) throw new SyntaxFault(this.line, "unfinished string near '<eof>'");
      if (one === '\n') {
        throw new SyntaxFault(this.line, `unfinished string near '${quote}${text}'`);
      }
      text += one === '\\' ? this.escaped() : one;
    }
    this.at++;
    return text;
  }

  /** The character after a backslash; leaves `at` on its last character. */
  private escaped(): string {
    const digits = /\d{1,3}/y;
    digits.lastIndex = ++this.at;
    const code = digits.exec(this.source)?.[0];
    if (code !== undefined) {
      this.at += code.length - 1;
      return String.fromCharCode(Number(code));
    }
    const one = this.source[this.at] ?? '';
    if (one === '\n') this.line++;
    const known: Record<string, string> = {
      a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v',
    };
    return Object.hasOwn(known, one) ? known[one] : one;
  }
}
