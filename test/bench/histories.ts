/** How fast histories are checked: recorded ones of etcd, and a long one of a key-value store. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHistory, type Subject, subjectOf } from '../../src/check/formats/read-history.ts';
import { defaultLimits, Meter } from '../../src/check/models/limits.ts';
import { Part } from '../../src/check/models/linearizable/part.ts';
import { checkModel, modelOf } from '../../src/check/models/models.ts';
import { operationsByKey } from '../../src/check/models/operations.ts';
import type { HistoryOperation } from '../../src/protocol/history.ts';
import { keyValue } from '../../src/protocol/specifications/objects.ts';
import { shippedSpecifications } from '../../src/protocol/specifications/shipped.ts';
import type { Bench, Figures } from './bench.ts';

const linearizable = modelOf('linearizable')!;

export const historyBenches: readonly Bench[] = [
  {
    name: 'histories-etcd',
    about: 'reads and checks the logs in $LOCKSTEP_CONFORMANCE/histories/etcd, one after the other',
    parameters: { model: 'linearizable' },
    run: etcdLogs,
  },
  {
    name: 'histories-key-value',
    about: 'checks a history of a key-value store with appends, from 10 clients on 10 keys',
    parameters: { operations: 2_000, clients: 10, keys: 10 },
    run: () => {
      const history = keyValueHistory(2_000, 10, 10);
      const begun = performance.now();
      const verdict = checkModel(history, linearizable, keyValue(''));
      if (verdict.type !== 'holds') throw new Error(`the verdict is ${verdict.type}`);
      return { operations: history.length, checkMs: performance.now() - begun };
    },
  },
];

function etcdLogs(): Figures {
  const folder = join(process.env.LOCKSTEP_CONFORMANCE ?? '', 'histories/etcd');
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}: set LOCKSTEP_CONFORMANCE`);
  const names = readdirSync(folder);
  const figures = { histories: names.length, readMs: 0, verdictMs: 0, checkMs: 0, violated: 0 };
  const casRegister = shippedSpecifications.find(({ name }) => name === 'cas-register')!;
  for (const name of names) {
    const text = readFileSync(join(folder, name), 'utf8');
    const begun = performance.now();
    const read = readHistory(text);
    if ('problem' in read) throw new Error(`${name}: ${read.problem.message}`);
    const subject = subjectOf(read, casRegister);
    const parsed = performance.now();
    const isLinearizable = hasOrder(subject);
    const decided = performance.now();
    const verdict = checkModel(subject.history, linearizable, subject.specification);
    figures.readMs += parsed - begun;
    figures.verdictMs += decided - parsed;
    figures.checkMs += performance.now() - decided;
    if (isLinearizable !== (verdict.type === 'holds')) throw new Error(`${name}: two verdicts`);
    if (verdict.type === 'violated') figures.violated++;
  }
  return figures;
}

/** The verdict alone, as other checkers give it: without the search for a smallest witness. */
function hasOrder({ history, specification }: Subject): boolean {
  const parts = operationsByKey(history, specification).values();
  return [...parts].every((operations) => {
    const meter = new Meter(defaultLimits);
    return new Part(history, specification, operations, meter).search(meter).found;
  });
}

/** Clients whose operations overlap; each takes effect when it is invoked. */
function keyValueHistory(operations: number, clients: number, keys: number): HistoryOperation[] {
  const values = new Map<string, string>();
  const history: HistoryOperation[] = [];
  for (let i = 0; i < operations; i++) {
    const client = i % clients;
    const key = String((i * 7 + client * 3) % keys);
    const isGet = (i * 31) % 3 === 0;
    const before = values.get(key) ?? '';
    const value = `x ${client} ${i} y`;
    if (!isGet) values.set(key, before + value);
    // The response comes just before the next invocation of the client.
    const invoked = 2 * i;
    const returned = 2 * (i + clients) - 1;
    history.push({
      process: `c${client}`,
      name: isGet ? 'get' : 'append',
      args: isGet ? { key } : { key, value },
      invoked,
      returned,
      outcome: 'ok',
      result: isGet ? before : null,
    });
  }
  return history;
}
