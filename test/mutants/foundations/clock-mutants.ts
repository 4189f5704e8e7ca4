/** The mutants of the store with clocks: each changes one line of a clock or of a replica. */
import type { Mutant } from '../mutant.ts';

export const clockMutants: Record<string, Mutant> = {
  'lamport-ignores-stamps': {
    doc: 'A Lamport clock is not set to what it receives (IR2).',
    in: 'clocks.ts',
    line: "return { clock: 'lamport', count: Math.max(last.count, stamp.count) };",
    broken: 'return last;',
    violates: 'Clock Condition',
  },
  'lamport-stands-still': {
    doc: 'A Lamport clock does not advance between two writes of its process (IR1).',
    in: 'clocks.ts',
    line: "return { clock: 'lamport', count: last.count + 1 };",
    broken: "return { clock: 'lamport', count: Math.max(1, last.count) };",
    violates: 'Clock Condition',
  },
  'lamport-forgotten-clock': {
    doc: 'A replica does not write its clock to disk.',
    in: 'replica.ts',
    line: "durable: ['clock', 'reading', 'written', 'values'],",
    broken: "durable: ['reading', 'written', 'values'],",
    violates: 'Clock Condition',
  },
  'lamport-last-to-arrive': {
    doc: 'The write that arrives last wins.',
    in: 'replica.ts',
    line: "const later = kept.find((one) => orderOf(write, one) === 'before');",
    broken: 'const later = undefined as typeof kept[0] | undefined;',
    violates: 'Known Writes Lose',
  },
  'vector-sums': {
    doc: 'Vectors are compared by one count instead of all of them.',
    in: 'clocks.ts',
    line: "if (isBelow && isAbove) return 'concurrent';",
    broken: '',
    violates: 'Vectors Tell What Is Concurrent',
  },
  'vector-one-value': {
    doc: 'A write replaces all values of its key, also those of concurrent writes.',
    in: 'replica.ts',
    line: "const replaced = kept.filter((one) => orderOf(one, write) === 'before');",
    broken: 'const replaced = kept;',
    violates: 'Siblings Stay',
  },
  'lamport-no-tie-break': {
    doc: 'Of two writes with equal stamps, each replica keeps the one that it received first.',
    in: 'clocks.ts',
    line: 'const isFirst = a.by < b.by || (a.by === b.by && a.number < b.number);',
    broken: 'const isFirst = true;',
    violates: 'Replicas Converge',
  },
  'hybrid-counts-only': {
    doc: 'A hybrid clock never takes the reading of the wall clock.',
    in: 'shared/hybrid-clock.ts',
    line: 'if (physical > last.wall) return { wall: physical, logical: 0 };',
    broken: 'if (physical < 0) return { wall: physical, logical: 0 };',
    violates: 'Hybrid Clocks Keep To Wall Clocks',
  },
};
