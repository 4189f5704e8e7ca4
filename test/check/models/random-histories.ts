// Small random histories: of registers whose values may repeat, and of other objects.
import fc from 'fast-check';
import type { History, HistoryOperation } from '../../../src/protocol/history.ts';

interface Drawn {
  readonly process: number;
  readonly name: string;
  readonly key: string;
  readonly value: number;
  readonly isOpen: boolean;
  /** How many later invocations come before the response. */
  readonly lasts: number;
}

function drawn(names: readonly string[], processes: number): fc.Arbitrary<Drawn> {
  return fc.record({
    process: fc.nat(processes - 1),
    name: fc.constantFrom(...names),
    key: fc.constantFrom('x', 'x', 'y'),
    value: fc.nat(2),
    isOpen: fc.nat(11).map((one) => one === 0),
    lasts: fc.nat(3),
  });
}

/** Processes invoke one operation after the other; those of different processes overlap. */
function historyOf(all: readonly Drawn[]): History {
  const moments: { readonly at: number; readonly i: number; readonly isEnd: boolean }[] = [];
  all.forEach((one, i) => {
    moments.push({ at: 10 * i, i, isEnd: false });
    const next = all.findIndex((other, j) => j > i && other.process === one.process);
    const end = Math.min(10 * (i + one.lasts) + 5, next < 0 ? Infinity : 10 * next - 1);
    if (!one.isOpen) moments.push({ at: end, i, isEnd: true });
  });
  moments.sort((a, b) => a.at - b.at || a.i - b.i);
  return all.map(({ process, name, key, value, isOpen }, i): HistoryOperation => {
    const isUpdate = ['write', 'enqueue', 'cas', 'append', 'acquire', 'release', 'put'].includes(name);
    const args = {
      key,
      ...(isUpdate && { value }),
      ...(name === 'cas' && { expected: (value + 1) % 3 }),
    };
    const result = name === 'cas' ? value > 0 : isUpdate ? null : name === 'get' ? String(value) : value;
    return {
      process: `p${process}`,
      name,
      args,
      invoked: moments.findIndex((one) => one.i === i && !one.isEnd),
      returned: isOpen ? undefined : moments.findIndex((one) => one.i === i && one.isEnd),
      outcome: isOpen ? 'unknown' : 'ok',
      result: isOpen ? undefined : result,
    };
  });
}

export function randomHistory(names: readonly string[], most: number, processes = 3) {
  const some = fc.array(drawn(names, processes), { minLength: 1, maxLength: most });
  return some.map(historyOf);
}
