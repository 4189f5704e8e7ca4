/** The patterns of Lua's string library: `%d+`, `[^,]*`, `(.-)=`, `%b()`. */
import { LuaError } from './values.ts';

/** A match: where it begins and ends, and its captures; a position capture is a number. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly (string | number)[];
}

interface Capture {
  readonly start: number;
  /** The length; −1 while it is open, −2 for a position. */
  length: number;
}

const open = -1;
const position = -2;

export function matchAt(text: string, pattern: string, from: number): Match | undefined {
  const isAnchored = pattern.startsWith('^');
  for (let start = from; start <= text.length; start++) {
    const matcher = new Matcher(text, pattern);
    const end = matcher.match(start, isAnchored ? 1 : 0);
    if (end !== undefined) return { start, end, captures: matcher.values(start, end) };
    if (isAnchored) return undefined;
  }
  return undefined;
}

/** A pattern that takes more steps backtracks for ever, as far as a run is concerned. */
const mostSteps = 1_000_000;

class Matcher {
  private captures: Capture[] = [];
  private steps = 0;

  constructor(
    private readonly text: string,
    private readonly pattern: string,
  ) {}

  values(start: number, end: number): (string | number)[] {
    if (this.captures.length === 0) return [this.text.slice(start, end)];
    return this.captures.map((one) => {
      if (one.length === open) throw new LuaError('unfinished capture');
      if (one.length === position) return one.start + 1;
      return this.text.slice(one.start, one.start + one.length);
    });
  }

  /** Returns where the match of the pattern from `p` ends, if `s` begins one. */
  match(s: number, p: number): number | undefined {
    const { pattern } = this;
    if (++this.steps > mostSteps) {
      throw new LuaError("Lockstep's Redis does not model patterns that backtrack so long");
    }
    if (p === pattern.length) return s;
    const one = pattern[p];
    if (one === '(') {
      const isPosition = pattern[p + 1] === ')';
      const capture = { start: s, length: isPosition ? position : open };
      return this.withCapture(capture, () => this.match(s, p + (isPosition ? 2 : 1)));
    }
    if (one === ')') return this.close(s, p);
    if (one === '$' && p + 1 === pattern.length) return s === this.text.length ? s : undefined;
    if (one === '%' && pattern[p + 1] === 'b') return this.balanced(s, p);
    if (one === '%' && /\d/.test(pattern[p + 1] ?? '')) return this.backReference(s, p);
    const end = this.classEnd(p);
    switch (pattern[end]) {
      case '?': {
        const found = this.fits(s, p, end) ? this.match(s + 1, end + 1) : undefined;
        return found ?? this.match(s, end + 1);
      }
      case '+':
        return this.fits(s, p, end) ? this.longest(s + 1, p, end) : undefined;
      case '*':
        return this.longest(s, p, end);
      case '-':
        return this.shortest(s, p, end);
      default:
        return this.fits(s, p, end) ? this.match(s + 1, end) : undefined;
    }
  }

  private withCapture(capture: Capture, next: () => number | undefined): number | undefined {
    this.captures.push(capture);
    const end = next();
    if (end === undefined) this.captures.pop();
    return end;
  }

  private close(s: number, p: number): number | undefined {
    const capture = this.captures.findLast(({ length }) => length === open);
    if (capture === undefined) throw new LuaError('invalid pattern capture');
    capture.length = s - capture.start;
    const end = this.match(s, p + 1);
    if (end === undefined) capture.length = open;
    return end;
  }

  private longest(s: number, p: number, end: number): number | undefined {
    let last = s;
    while (this.fits(last, p, end)) last++;
    for (; last >= s; last--) {
      const found = this.match(last, end + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private shortest(s: number, p: number, end: number): number | undefined {
    for (let at = s; ; at++) {
      const found = this.match(at, end + 1);
      if (found !== undefined) return found;
      if (!this.fits(at, p, end)) return undefined;
    }
  }

  private balanced(s: number, p: number): number | undefined {
    const [first, last] = [this.pattern[p + 2], this.pattern[p + 3]];
    if (last === undefined) throw new LuaError('unbalanced pattern');
    if (this.text[s] !== first) return undefined;
    let depth = 1;
    for (let at = s + 1; at < this.text.length; at++) {
      if (this.text[at] === last && --depth === 0) return this.match(at + 1, p + 4);
      if (this.text[at] === first && first !== last) depth++;
    }
    return undefined;
  }

  private backReference(s: number, p: number): number | undefined {
    const capture = this.captures[Number(this.pattern[p + 1]) - 1];
    if (capture === undefined || capture.length === open) {
      throw new LuaError('invalid capture index');
    }
    const part = this.text.slice(capture.start, capture.start + capture.length);
    return this.text.startsWith(part, s) ? this.match(s + part.length, p + 2) : undefined;
  }

  /** Returns where the single-character class that begins at `p` ends. */
  private classEnd(p: number): number {
    const { pattern } = this;
    if (pattern[p] === '%') {
      if (p + 1 >= pattern.length) throw new LuaError("malformed pattern (ends with '%')");
      return p + 2;
    }
    if (pattern[p] !== '[') return p + 1;
    let at = p + 1;
    if (pattern[at] === '^') at++;
    do {
      if (at >= pattern.length) throw new LuaError("malformed pattern (missing ']')");
      at += pattern[at] === '%' ? 2 : 1;
    } while (pattern[at] !== ']');
    return at + 1;
  }

  private fits(s: number, p: number, end: number): boolean {
    const one = this.text[s];
    if (one === undefined) return false;
    const { pattern } = this;
    if (pattern[p] === '.') return true;
    if (pattern[p] === '%') return isOfClass(one, pattern[p + 1]);
    if (pattern[p] === '[') return this.isInSet(one, p, end - 1);
    return pattern[p] === one;
  }

  private isInSet(one: string, p: number, last: number): boolean {
    const { pattern } = this;
    const isNegated = pattern[p + 1] === '^';
    for (let at = p + (isNegated ? 2 : 1); at < last; at++) {
      if (pattern[at] === '%') {
        if (isOfClass(one, pattern[++at])) return !isNegated;
      } else if (pattern[at + 1] === '-' && at + 2 < last) {
        if (pattern[at] <= one && one <= pattern[at + 2]) return !isNegated;
        at += 2;
      } else if (pattern[at] === one) {
        return !isNegated;
      }
    }
    return isNegated;
  }
}

const classes: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/, c: /\p{Cc}/u, d: /\d/, l: /[a-z]/, p: /[!-/:-@[-`{-~]/,
  s: /[\t-\r ]/, u: /[A-Z]/, w: /[A-Za-z\d]/, x: /[\da-fA-F]/, z: /\0/,
};

function isOfClass(one: string, name: string): boolean {
  const lower = name.toLowerCase();
  if (!Object.hasOwn(classes, lower)) return one === name;
  return classes[lower].test(one) === (name === lower);
}
