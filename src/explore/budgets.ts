/** How far an exploration goes: the faults that it may choose, and the limits that end it. */

/** How often each fault may happen in one run; `Infinity` for any number. */
export interface FaultBudget {
  /** Crashes of a node. A crashed node may restart at any time. */
  readonly crashes: number;
  /** Messages that are lost. */
  readonly drops: number;
  /**
   * Messages that arrive twice. With any number of them, messages stay in flight when they are
   * delivered, so that a network is a set of messages that only grows.
   */
  readonly duplicates: number;
  /** Partitions into two sides, each until it heals. */
  readonly partitions: number;
}

export type Fault = keyof FaultBudget;

export const faults: readonly Fault[] = ['crashes', 'drops', 'duplicates', 'partitions'];

export const noFaults: FaultBudget = Object.freeze({
  crashes: 0, drops: 0, duplicates: 0, partitions: 0,
});

/** The budget that is left after a fault. */
export function spent(budget: FaultBudget, fault: Fault | undefined): FaultBudget {
  return fault === undefined ? budget : { ...budget, [fault]: budget[fault] - 1 };
}

/** The limits of a search; `Infinity` for none. */
export interface Limits {
  /** The length of a run, in choices. */
  readonly depth: number;
  /** How many messages may be in flight: states with more are not explored further. */
  readonly messages: number;
  /** How many different states are visited. */
  readonly states: number;
  /** How much memory the search may use for what it has visited, in bytes. */
  readonly bytes: number;
}

export const noLimits: Limits = Object.freeze({
  depth: Infinity, messages: Infinity, states: Infinity, bytes: Infinity,
});

/**
 * Called now and then during a search, with how far it is. Returns true to end it: the caller has
 * a clock, and may have been cancelled.
 */
export type Meter = (progress: SearchProgress) => boolean;

export interface SearchProgress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

/** The faults as a user writes them: `crashes: 1, drops: 2` or `crashes=1,duplicates=any`. */
export function parseFaults(
  text: string,
): { readonly budget: FaultBudget } | { readonly problem: string } {
  const budget: Record<Fault, number> = { ...noFaults };
  for (const part of text.split(',')) {
    const [name, count] = part.split(/[:=](.*)/s).map((one) => one.trim());
    const fault = faults.find((one) => one === name);
    if (fault === undefined) {
      return { problem: `there is no fault \`${name}\`: choose from ${faults.join(', ')}` };
    }
    const number = count === 'any' ? Infinity : /^\d+$/.test(count ?? '') ? Number(count) : NaN;
    if (number !== Infinity && !Number.isSafeInteger(number)) {
      const found = count === undefined ? part.trim() : count;
      const example = `as in ${name}: 1, not \`${found}\``;
      return { problem: `\`${name}\` needs a number or \`any\`, ${example}` };
    }
    budget[fault] = number;
  }
  return { budget };
}
