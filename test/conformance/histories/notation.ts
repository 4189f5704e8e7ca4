// Litmus tests in one line: `A: Wx1[0,1] Ry0[2,3] · B: Wy1 Rx0`, with queues: `A: Enq a · B: Deq→a`.
import type { History, HistoryOperation, Specification } from '../../../src/protocol/history.ts';
import { queue, register } from '../../../src/protocol/specifications/objects.ts';

export interface Litmus {
  readonly history: History;
  readonly specification: Specification;
  /** Without times, only the order of each process counts. */
  readonly isTimed: boolean;
}

interface Written {
  readonly process: string;
  readonly name: string;
  readonly key: string | undefined;
  readonly value: string | number;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly isFinal: boolean;
}

const operation =
  /(?:(W|R)([a-z])(\d+)|(Enq)\s*(\w+)|(Deq)\s*→\s*(\w+))(★?)(?:\[([\d.]+),\s*([\d.]+\]|∞\)))?(★?)/g;

/** Throws if the line cannot be read. */
export function litmusOf(text: string): Litmus {
  const written: Written[] = [];
  for (const part of text.split('·')) {
    const [, process, rest] = /^\s*([A-Z]):(.*)$/.exec(part) ?? [];
    if (process === undefined) throw new Error(`expected \`A: …\`, not \`${part.trim()}\``);
    const left = rest.replaceAll(operation, '').replaceAll(/\bthen\b|\(later\)/g, '').trim();
    if (left !== '') throw new Error(`\`${left}\` is not an operation of a litmus test`);
    for (const found of rest.matchAll(operation)) written.push(writtenOf(process, found));
  }
  const isTimed = written.some(({ from }) => from !== undefined);
  const isQueue = written.some(({ key }) => key === undefined);
  const history = isTimed ? timed(written) : untimed(written);
  return { history, isTimed, specification: isQueue ? queue() : register(0) };
}

function writtenOf(process: string, found: RegExpMatchArray): Written {
  const [, kind, key, value, enqueue, enqueued, , dequeued, star, from, to, lastStar] = found;
  const times = {
    from: from === undefined ? undefined : Number(from),
    to: from === undefined || to.startsWith('∞') ? undefined : Number.parseFloat(to),
  };
  const isFinal = star === '★' || lastStar === '★';
  if (kind !== undefined) {
    return { process, name: kind === 'W' ? 'write' : 'read', key, value: Number(value), ...times, isFinal };
  }
  const name = enqueue === undefined ? 'dequeue' : 'enqueue';
  return { process, name, key: undefined, value: enqueued ?? dequeued, ...times, isFinal };
}

function operationOf(
  { process, name, key, value, isFinal }: Written,
  invoked: number,
  returned: number | undefined,
): HistoryOperation {
  const isUpdate = name === 'write' || name === 'enqueue';
  return {
    process,
    name,
    args: {
      ...(key !== undefined && { key }),
      ...(isUpdate && { value }),
      ...(isFinal && { final: true }),
    },
    invoked,
    returned,
    outcome: returned === undefined ? 'unknown' : 'ok',
    result: returned === undefined ? undefined : isUpdate ? null : value,
  };
}

/** Two operations whose times touch are concurrent: invocations come before responses. */
function timed(written: readonly Written[]): History {
  const moments = written.flatMap(({ from, to }, i) => [
    { time: from!, isResponse: false, i },
    ...(to === undefined ? [] : [{ time: to, isResponse: true, i }]),
  ]);
  moments.sort((a, b) => a.time - b.time || Number(a.isResponse) - Number(b.isResponse));
  const positionOf = (i: number, isResponse: boolean) =>
    moments.findIndex((moment) => moment.i === i && moment.isResponse === isResponse);
  return written.map((one, i) => {
    return operationOf(one, positionOf(i, false), one.to === undefined ? undefined : positionOf(i, true));
  });
}

function untimed(written: readonly Written[]): History {
  return written.map((one, i) => operationOf(one, 2 * i, 2 * i + 1));
}
