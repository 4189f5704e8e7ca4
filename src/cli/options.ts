/** The options that several commands share, and how a command refuses its arguments. */
import { commandContext } from '../check/console.ts';
import { parseDuration } from '../kernel/text/duration.ts';
import { wholeNumber } from '../kernel/text/whole-number.ts';
import type { Micros } from '../protocol/types.ts';
import { parseUntil } from '../scenario/parse/lines.ts';
import { withHint } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Terminal } from './terminal.ts';

/** The options of a command line, by name. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Says what is wrong with the arguments. Returns the exit code for bad input. */
export async function refuse(why: string, terminal: Terminal): Promise<number> {
  await terminal.error(`lockstep: ${why}\n`);
  return 2;
}

/** Why the value of an option is refused. */
export function wrong(option: string, value: Values[string], expected: string): string {
  return `--${option} must be ${expected}, not \`${String(value)}\``;
}

/** The time of `--for TIME`; `Infinity` without the option. */
export function readFor({
  for: given,
}: Values): { readonly lasts: Micros } | { readonly problem: string } {
  if (given === undefined) return { lasts: Infinity };
  const lasts = parseDuration(String(given));
  if (lasts !== undefined && lasts > 0) return { lasts };
  return { problem: wrong('for', given, 'a time above zero, such as 30s') };
}

/** The seed of `--seed N`; undefined without the option. */
export function readSeed({
  seed,
}: Values): { readonly seed?: number } | { readonly problem: string } {
  if (seed === undefined) return {};
  const number = wholeNumber(seed);
  if (number !== undefined) return { seed: number };
  return { problem: wrong('seed', seed, 'a non-negative integer') };
}

/** The scenario, ended by `--until`, which is watched from the start of the run. */
export function withUntil(
  scenario: Scenario,
  until: string | boolean | undefined,
): { readonly scenario: Scenario } | { readonly fault: string; readonly column: number } {
  if (typeof until !== 'string') return { scenario };
  const parsed = parseUntil(until, commandContext(scenario));
  if ('until' in parsed) {
    return { scenario: { ...scenario, until: { ...parsed.until, early: true } } };
  }
  return { fault: withHint(parsed.fault), column: parsed.fault.start + 1 };
}

/** The seeds of `--seeds A..B`, or of `--seeds A`. */
export function readSeeds({
  seeds,
}: Values): { readonly first: number; readonly last: number } | { readonly problem: string } {
  const [, first = '', last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(String(seeds)) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first !== '' && Number.isSafeInteger(to) && from <= to) return { first: from, last: to };
  return { problem: wrong('seeds', seeds, 'two numbers such as 1..1000') };
}

/** Why `--queue` and `--workers` cannot be combined. */
export const queueOrWorkers =
  'choose one of --queue and --workers: `lockstep worker --workers N` has the threads of a queue';

/** The threads of `--workers N`; without it, as many as are useful. */
export function readWorkers(
  { workers }: Values,
  { threads }: Terminal,
): { readonly workers: number } | { readonly problem: string } {
  const number = workers === undefined ? (threads?.count ?? 1) : wholeNumber(workers, 1);
  if (number !== undefined) return { workers: threads ? number : 1 };
  return { problem: wrong('workers', workers, 'a positive integer') };
}
