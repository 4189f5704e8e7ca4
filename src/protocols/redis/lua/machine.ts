/** What a running script has: how far it has come, where it is, and its global variables. */
import type { Block } from './syntax.ts';
import { LuaError, type Table, type TailCall, type Value } from './values.ts';

/** Raised when a script has taken more steps than any script that ends. */
export class Endless {}

/** Raised by a script that uses a part of Lua, or of Redis's libraries, that is not modelled. */
export class Unmodelled {
  /** `what` completes the sentence "Lockstep's Redis does not model …". */
  constructor(readonly what: string) {}
}

/**
 * A script that takes more steps than this is taken to run for ever. At the speed below it would
 * have run for a second.
 */
export const mostSteps = 300_000_000;
/** Rounds of loops that do more than add up take longer here, so fewer of them are executed. */
const mostRounds = 30_000_000;

/** How long Lua needs for a step on a server: measured, about 7 ns for a loop that adds. */
export const nanosecondsPerStep = 3.5;

export class Machine {
  steps = 0;
  private rounds = 0;
  /** The line of the call that runs now, for the messages of errors. */
  line = 1;

  constructor(
    readonly globals: Table,
    /** Compiles a block; given here because expressions contain functions, and these blocks. */
    readonly blockOf: (machine: Machine, block: Block) => Run,
  ) {}

  /** Counts the steps of a loop that runs once more, or of a call. */
  count(steps: number): void {
    this.steps += steps;
    if (this.steps > mostSteps || ++this.rounds > mostRounds) throw new Endless();
  }

  fail(text: string, line = this.line): never {
    this.line = line;
    throw new LuaError(`user_script:${line}: ${text}`);
  }
}

/** The locals of a function that runs: a captured one is in a box, which closures share. */
export interface Frame {
  readonly slots: (Value | Box)[];
  readonly upvalues: readonly Box[];
  readonly varargs: readonly Value[];
}

export class Box {
  constructor(public value: Value) {}
}

/** What a `break` returns, until a loop takes it. */
export const leaves = Symbol('break');

/** Returns the values of a `return`, `leaves`, or undefined if the next statement follows. */
export type Run = (frame: Frame) => readonly Value[] | TailCall | typeof leaves | undefined;
