/**
 * What a role shows of a node in panels, thread names and conditions. `look` is an author's code:
 * it may throw and may return anything, and neither may hide the node. All other code reads it
 * through this file.
 */
import type { Json, Look, Role } from '../protocol/types.ts';
import { isPlain, shown } from './data/shown.ts';
import { thrownStack, thrownText } from './data/thrown.ts';

/** An author's mistake in `look`. The parts of what it returned that are usable are still shown. */
export type LookProblem =
  | { readonly type: 'threw'; readonly message: string; readonly stack: string }
  | { readonly type: 'not an object'; readonly found: string }
  | {
      readonly type: 'field';
      /** As `epoch`, or `facts.holder`. */
      readonly field: string;
      readonly found: string;
      readonly expected: string;
    };

export interface Inspected {
  readonly look: Look;
  /** The first one, if there are several. */
  readonly problem?: LookProblem;
}

type State = Readonly<Record<string, unknown>>;

/** What is usable of what the role shows; empty if nothing is. Never throws. */
export function lookOf(role: Role, state: State): Look {
  return inspectLook(role, state).look;
}

/** The same, and what is wrong with it. */
export function inspectLook(role: Role, state: State): Inspected {
  if (role.look === undefined) return { look: {} };
  try {
    const raw: unknown = role.look(state);
    if (typeof raw !== 'object' || raw === null || !isPlain(raw)) {
      return { look: {}, problem: { type: 'not an object', found: shown(raw, 60) } };
    }
    const problems: LookProblem[] = [];
    const { standing, tone, epoch, facts, log } = raw as Raw;
    const look = {
      ...standingIn(standing, problems),
      ...toneIn(tone, problems),
      ...epochIn(epoch, problems),
      ...factsIn(facts, problems),
      ...logIn(log, problems),
    };
    return problems.length === 0 ? { look } : { look, problem: problems[0] };
  } catch (error) {
    const [message, stack] = [thrownText(error), thrownStack(error) ?? ''];
    return { look: {}, problem: { type: 'threw', message, stack } };
  }
}

type Raw = Readonly<Record<string, unknown>>;

/**
 * The standing and the epoch alone. Conditions read them at every step, so this costs hardly more
 * than calling `look`: only a `look` that fails is inspected.
 */
export function inspectRank(role: Role, state: State): Inspected {
  if (role.look === undefined) return showsNothing;
  try {
    const raw: unknown = role.look(state);
    if (typeof raw === 'object' && raw !== null) {
      const { standing, epoch } = raw as { standing?: unknown; epoch?: Partial<Look['epoch']> };
      const isEpoch =
        epoch === undefined || (typeof epoch.value === 'number' && typeof epoch.name === 'string');
      if (isEpoch && (standing === undefined || typeof standing === 'string')) {
        return { look: { standing, epoch } as Look };
      }
    }
  } catch {
    // `inspect` reports what was thrown.
  }
  const { look, problem } = inspectLook(role, state);
  const { standing, epoch } = look;
  return { look: { standing, epoch }, ...(problem && { problem }) };
}

const showsNothing: Inspected = { look: {} };

function wrong(problems: LookProblem[], field: string, value: unknown, expected: string): object {
  problems.push({ type: 'field', field, found: shown(value, 60), expected });
  return {};
}

const longest = 100;

function standingIn(value: unknown, problems: LookProblem[]): Pick<Look, 'standing'> {
  if (value === undefined) return {};
  if (typeof value !== 'string') return wrong(problems, 'standing', value, 'a string');
  return { standing: value.slice(0, longest) };
}

const tones = ['lead', 'bid', 'follow', 'none'] as const;

function toneIn(value: unknown, problems: LookProblem[]): Pick<Look, 'tone'> {
  if (value === undefined) return {};
  const tone = tones.find((one) => one === value);
  return tone ? { tone } : wrong(problems, 'tone', value, `one of ${tones.join(', ')}`);
}

function epochIn(value: unknown, problems: LookProblem[]): Pick<Look, 'epoch'> {
  if (value === undefined) return {};
  const { name, value: number } = (value ?? {}) as { name?: unknown; value?: unknown };
  if (typeof name !== 'string' || typeof number !== 'number') {
    return wrong(problems, 'epoch', value, "a name and a number: { name: 'term', value: 3 }");
  }
  return { epoch: { name: name.slice(0, longest), value: number } };
}

/** More would not fit into a panel. */
const factsMost = 50;

function factsIn(value: unknown, problems: LookProblem[]): Pick<Look, 'facts'> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || !isPlain(value)) {
    return wrong(problems, 'facts', value, 'an object');
  }
  const facts: Record<string, Json> = {};
  for (const name of Object.keys(value).slice(0, factsMost)) {
    facts[name] = factIn(name, (value as Raw)[name], problems);
  }
  return { facts };
}

/** A value as it is if that is a small one, otherwise as a short string. */
function factIn(name: string, value: unknown, problems: LookProblem[]): Json {
  const size = sizeOf(value, 0);
  if (size <= sizeMost) return value as Json;
  if (size === notPlain) wrong(problems, `facts.${name}`, value, 'plain data');
  return shown(value);
}

const sizeMost = 1_000;
const tooLarge = sizeMost + 1;
const notPlain = Infinity;

/** How many values there are in plain data, counted up to `tooLarge`; `notPlain` for other data. */
function sizeOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length > sizeMost ? tooLarge : 1;
  if (typeof value !== 'object' || value === null) {
    return ['function', 'symbol', 'bigint'].includes(typeof value) ? notPlain : 1;
  }
  // A value that refers to itself has no end.
  if (depth > 100 || !(Array.isArray(value) || isPlain(value))) return notPlain;
  let size = 1;
  for (const key in value) {
    size += sizeOf((value as Raw)[key], depth + 1);
    if (size > sizeMost) return size === notPlain ? notPlain : tooLarge;
  }
  return size;
}

/**
 * A panel draws the last few entries. To check all would cost more with each entry, at each step.
 */
const entriesChecked = 64;

function logIn(value: unknown, problems: LookProblem[]): Pick<Look, 'log'> {
  if (value === undefined) return {};
  const { entries, first, committed, applied } = (value ?? {}) as Raw;
  const numbers = [first, committed, applied];
  if (!Array.isArray(entries) || numbers.some((one) => typeof one !== 'number')) {
    const expected = 'a list `entries`, and numbers `first`, `committed` and `applied`';
    return wrong(problems, 'log', value, expected);
  }
  for (let i = Math.max(0, entries.length - entriesChecked); i < entries.length; i++) {
    const entry: unknown = entries[i];
    const { term } = (entry ?? {}) as { term?: unknown };
    if (typeof term === 'number') continue;
    return wrong(problems, `log.entries[${i}]`, entry, 'a term and a command');
  }
  return { log: { entries, first, committed, applied } as Look['log'] };
}
