/** Regular expressions as programs of a backtracking machine, so that its steps can be counted. */
import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** How a single character is matched. */
export type Matches = (character: string) => boolean;

/** An instruction; targets are indices of the program. `back` reads towards the beginning. */
export type Instruction =
  | { readonly op: 'character'; readonly matches: Matches; readonly back: boolean }
  /** Tries `first`; on failure, `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  /** Tests a place between two characters, such as `\b`. */
  | { readonly op: 'edge'; readonly holds: (text: string, at: number) => boolean }
  | { readonly op: 'look'; readonly negated: boolean; readonly body: readonly Instruction[] }
  /** Notes the position in a register. */
  | { readonly op: 'note'; readonly register: number }
  /** Fails if nothing was matched since the position was noted. */
  | { readonly op: 'progress'; readonly register: number }
  | { readonly op: 'again'; readonly from: number; readonly to: number; readonly back: boolean }
  | { readonly op: 'match' };

export interface Program {
  readonly code: readonly Instruction[];
  readonly registers: number;
  readonly isUnicode: boolean;
  /** Whether the machine may try a character more than once for each instruction. */
  readonly mayBacktrack: boolean;
}

/** Larger programs come from nested counts such as `(a{1000}){1000}`; the engine limits those. */
const lengthMax = 20_000;

/** Undefined for a pattern that the parser does not know or that is too large. */
export function programOf({ source, flags }: RegExp): Program | undefined {
  const isUnicode = /[uv]/.test(flags);
  try {
    const parser = new RegExpParser({ ecmaVersion: 2025 });
    const kinds = { unicode: flags.includes('u'), unicodeSets: flags.includes('v') };
    const pattern = parser.parsePattern(source, 0, source.length, kinds);
    const compiler = new Compiler(flags.replace(/[gy]/g, ''));
    const code = compiler.whole(pattern.alternatives, false);
    const { registers, mayBacktrack } = compiler;
    return { code, registers, isUnicode, mayBacktrack };
  } catch {
    return undefined;
  }
}

class Compiler {
  /** The registers of loops follow those of the groups. */
  registers = 0;
  mayBacktrack = false;
  private code: Instruction[] = [];
  private readonly groups = new Map<AST.CapturingGroup, number>();

  constructor(private readonly flags: string) {}

  whole(alternatives: readonly AST.Alternative[], back: boolean): Instruction[] {
    const outer = this.code;
    const own: Instruction[] = (this.code = []);
    this.either(alternatives, back);
    this.add({ op: 'match' });
    this.code = outer;
    return own;
  }

  private add(instruction: Instruction): void {
    if (this.code.length >= lengthMax) throw new RangeError('the pattern is too large');
    this.code.push(instruction);
  }

  private either(alternatives: readonly AST.Alternative[], back: boolean): void {
    const ends: { to: number }[] = [];
    for (const [index, { elements }] of alternatives.entries()) {
      const isLast = index === alternatives.length - 1;
      const split = { op: 'split' as const, first: this.code.length + 1, second: 0 };
      if (!isLast) this.add(split);
      for (const element of back ? [...elements].reverse() : elements) this.element(element, back);
      if (isLast) break;
      const end = { op: 'jump' as const, to: 0 };
      this.add(end);
      ends.push(end);
      split.second = this.code.length;
    }
    for (const end of ends) end.to = this.code.length;
  }

  private element(element: AST.Element, back: boolean): void {
    switch (element.type) {
      case 'Assertion':
        return this.assertion(element);
      case 'Quantifier':
        return this.repeated(element, back);
      case 'Group':
        return this.either(element.alternatives, back);
      case 'CapturingGroup': {
        const register = this.group(element);
        this.add({ op: 'note', register: back ? register + 1 : register });
        this.either(element.alternatives, back);
        this.add({ op: 'note', register: back ? register : register + 1 });
        return;
      }
      case 'Backreference': {
        const { resolved } = element;
        const from = this.group(Array.isArray(resolved) ? resolved[0] : resolved);
        this.mayBacktrack = true;
        return this.add({ op: 'again', from, to: from + 1, back });
      }
      default:
        return this.add({ op: 'character', matches: matcher(element, this.flags), back });
    }
  }

  private group(group: AST.CapturingGroup): number {
    let register = this.groups.get(group);
    if (register === undefined) {
      register = this.registers;
      this.registers += 2;
      this.groups.set(group, register);
    }
    return register;
  }

  private assertion(assertion: AST.Assertion): void {
    if (assertion.kind === 'lookahead' || assertion.kind === 'lookbehind') {
      const body = this.whole(assertion.alternatives, assertion.kind === 'lookbehind');
      this.mayBacktrack = true;
      return this.add({ op: 'look', negated: assertion.negate, body });
    }
    const pattern = new RegExp(assertion.raw, `${this.flags}y`);
    const holds = (text: string, at: number) => {
      pattern.lastIndex = at;
      return pattern.test(text);
    };
    this.add({ op: 'edge', holds });
  }

  private repeated({ min, max, greedy, element }: AST.Quantifier, back: boolean): void {
    if (element.type === 'Assertion') return this.element(element, back);
    for (let i = 0; i < min; i++) this.element(element, back);
    if (max === min) return;
    this.mayBacktrack = true;
    if (max === Infinity) return this.endless(element, greedy, back);
    const splits: { first: number; second: number }[] = [];
    for (let i = min; i < max; i++) {
      splits.push(this.fork(greedy));
      this.element(element, back);
    }
    for (const split of splits) this.closed(split, greedy);
  }

  private endless(element: AST.QuantifiableElement, greedy: boolean, back: boolean): void {
    const register = this.registers++;
    const start = this.code.length;
    const split = this.fork(greedy);
    const isCharacter = element.type.startsWith('Character');
    if (!isCharacter) this.add({ op: 'note', register });
    this.element(element, back);
    if (!isCharacter) this.add({ op: 'progress', register });
    this.add({ op: 'jump', to: start });
    this.closed(split, greedy);
  }

  /** A choice between the next instruction and one that is set later. */
  private fork(greedy: boolean): { first: number; second: number } {
    const next = this.code.length + 1;
    const split = { op: 'split' as const, first: greedy ? next : 0, second: greedy ? 0 : next };
    this.add(split);
    return split;
  }

  private closed(split: { first: number; second: number }, greedy: boolean): void {
    if (greedy) split.second = this.code.length;
    else split.first = this.code.length;
  }
}

/** The engine itself matches a single character, and each result is cached. */
function matcher(node: AST.Element, flags: string): Matches {
  if (node.type === 'Character' && !flags.includes('i')) {
    const own = String.fromCodePoint(node.value);
    return (character) => character === own;
  }
  const pattern = new RegExp(`^(?:${node.raw})$`, flags.replace('m', ''));
  const known = new Map<string, boolean>();
  return (character) => {
    let matches = known.get(character);
    if (matches === undefined) {
      matches = pattern.test(character);
      if (known.size < 1_000) known.set(character, matches);
    }
    return matches;
  };
}
