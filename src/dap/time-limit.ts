/** Runs a call under a wall-clock limit, which ends even a regular expression that backtracks. */
import * as vm from 'node:vm';
import { LimitError, type LimitCode } from '../kernel/text/execution-limits.ts';

/** Returns what `act` returns; throws a `LimitError` if `act` had to be interrupted. */
export type TimeLimit = <Result>(act: () => Result) => Result;

/** For hosts that cannot interrupt a call. */
export const withoutLimit: TimeLimit = (act) => act();

/** Empty in a web worker, which cannot interrupt a call. */
const machine: Partial<typeof vm> = vm;
const slot = Symbol.for('lockstep.timed');
const globals = globalThis as { [slot]?: () => void };
let script: vm.Script | undefined;

/**
 * Throws a `LimitError` with this code if the call takes longer; a web worker has no limit.
 * Node interrupts scripts alone, so a script of one line makes the call, through a global variable.
 */
export function withTimeLimit<Result>(msMax: number, code: LimitCode, act: () => Result): Result {
  // Within another limit, that one ends the call.
  if (!machine.Script || globals[slot] !== undefined) return act();
  script ??= new machine.Script(`globalThis[Symbol.for('lockstep.timed')]()`);
  let returned: { value: Result } | undefined;
  globals[slot] = () => {
    returned = { value: act() };
  };
  try {
    script.runInThisContext({ timeout: msMax });
  } catch (error) {
    const isTimeout = (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    throw isTimeout ? new LimitError(code) : error;
  } finally {
    delete globals[slot];
  }
  return returned!.value;
}
