/**
 * Counts the steps that a backtracking engine needs for a match, before the engine matches: nothing
 * interrupts an engine, and a clock would end the same match at another place on each machine. Only
 * the number of steps is used; the code sees the result of the engine.
 */
import { type Instruction, type Program, programOf } from './pattern-program.ts';

const programs = new Map<string, Program | undefined>();
const programsMax = 200;

/** The steps of one match from `start` on, or of all matches; at most a little over `limit`. */
export function patternSteps(
  pattern: RegExp,
  text: string,
  { start = 0, isAll = false, limit }: { start?: number; isAll?: boolean; limit: number },
): number {
  const program = compiled(pattern);
  if (program === undefined) return text.length;
  if (!program.mayBacktrack) return (text.length - start + 1) * Math.min(program.code.length, 16);
  const machine = new Machine(text, program, limit);
  for (let at = start; at <= text.length && machine.steps <= limit; ) {
    const end = machine.match(program.code, at);
    if (pattern.sticky || (end !== undefined && !isAll)) break;
    at = end === undefined || end <= at ? at + 1 : end;
  }
  return machine.steps;
}

function compiled(pattern: RegExp): Program | undefined {
  const key = `${pattern.flags}/${pattern.source}`;
  if (!programs.has(key)) {
    if (programs.size >= programsMax) programs.clear();
    programs.set(key, programOf(pattern));
  }
  return programs.get(key);
}

type Registers = readonly (number | undefined)[];

class Machine {
  steps = 0;

  constructor(
    private readonly text: string,
    private readonly program: Program,
    private readonly limit: number,
  ) {}

  /** Where the match ends that begins at `start`; undefined if there is none. */
  match(code: readonly Instruction[], start: number, given: Registers = []): number | undefined {
    /** What is tried next if the present attempt fails: instruction, position, registers. */
    const targets: number[] = [0];
    const positions: number[] = [start];
    const kept: Registers[] = [given];
    while (targets.length > 0) {
      let target = targets.pop()!;
      let at = positions.pop()!;
      let registers = kept.pop()!;
      for (let isOpen = true; isOpen; ) {
        if (++this.steps > this.limit) return undefined;
        const one = code[target++];
        switch (one.op) {
          case 'match':
            return at;
          case 'character': {
            const next = this.next(at, one.back);
            isOpen = next !== undefined && one.matches(this.between(at, next));
            at = next ?? at;
            break;
          }
          case 'split':
            targets.push(one.second);
            positions.push(at);
            kept.push(registers);
            target = one.first;
            break;
          case 'jump':
            target = one.to;
            break;
          case 'edge':
            isOpen = one.holds(this.text, at);
            break;
          case 'look':
            isOpen = (this.match(one.body, at, registers) === undefined) === one.negated;
            break;
          case 'note':
            registers = withRegister(registers, one.register, at, this.program.registers);
            break;
          case 'progress':
            isOpen = registers[one.register] !== at;
            break;
          case 'again': {
            const next = this.again(registers[one.from], registers[one.to], at, one.back);
            isOpen = next !== undefined;
            at = next ?? at;
            break;
          }
        }
      }
    }
    return undefined;
  }

  private next(at: number, back: boolean): number | undefined {
    const { text } = this;
    if (back ? at === 0 : at >= text.length) return undefined;
    if (!this.program.isUnicode) return back ? at - 1 : at + 1;
    if (!back) return at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    return at - (at > 1 && text.codePointAt(at - 2)! > 0xffff ? 2 : 1);
  }

  private between(at: number, next: number): string {
    return at < next ? this.text.slice(at, next) : this.text.slice(next, at);
  }

  /** Matches the text of a group again; a group without a match matches the empty string. */
  private again(
    from: number | undefined,
    to: number | undefined,
    at: number,
    back: boolean,
  ): number | undefined {
    if (from === undefined || to === undefined || to < from) return at;
    const part = this.text.slice(from, to);
    this.steps += part.length;
    const begin = back ? at - part.length : at;
    if (begin < 0 || !this.text.startsWith(part, begin)) return undefined;
    return back ? begin : at + part.length;
  }
}

function withRegister(all: Registers, index: number, value: number, count: number): Registers {
  const copy = all.length === count ? all.slice() : Array.from({ length: count }, (_, i) => all[i]);
  copy[index] = value;
  return copy;
}
