/** The sentences for what a history of transactions shows. */
import { shown } from '../../kernel/data/shown.ts';
import type { History, HistoryOperation } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';
import { nameOf } from './anomalies.ts';
import type { Anomaly, AnomalyWitness, Cycle, Dependency, ReadAnomaly } from './anomaly.ts';
import type { TransactionsUndecided } from '../models/verdict.ts';
import { microOperationsOf } from './transaction.ts';

/** The first transaction of a history is T1. */
function transactionName(index: number): string {
  return `T${index + 1}`;
}

/** The first anomaly with its transactions, then the names of the others. */
export function witnessLines({ anomalies }: AnomalyWitness, history: History): string[] {
  const [first, ...others] = anomalies;
  return [
    anomalyTitle(first),
    ...transactionsOf(first).map((index) => `  ${transactionLine(index, history)}`),
    ...anomalyLines(first, history).map((line) => `  ${line}`),
    ...others.map((one) => `also ${anomalyTitle(one)}`),
  ];
}

/** Why a model of transactions has no verdict, without a capital or a full stop. */
export function undecidedTransactions(
  why:
    | Pick<Extract<TransactionsUndecided, { code: 'not-transactions' }>, 'code' | 'fault' | 'part'>
    | Extract<TransactionsUndecided, { code: 'repeated-value' }>,
): string {
  if (why.code === 'repeated-value') {
    const several = `more than one version of ${keyText(why.key)} is ${valueText(why.value)}`;
    const open = 'so a read of it does not tell which one it saw';
    return `${several}, ${open}: write each value to a key only once`;
  }
  const part = typeof why.part === 'string' ? why.part : shown(why.part, 60);
  switch (why.fault) {
    case 'not a transaction':
      return `\`${part}\` is not a transaction of reads, writes and appends`;
    case 'list and register':
      return `transactions write ${part} and also append to it: a key holds a value or a list`;
    case 'not a list':
      return `\`${part}\` does not read a list, but transactions append to that key`;
  }
}

/** The transactions of an anomaly, each once, in the order of their invocations. */
export function transactionsOf(anomaly: Anomaly): number[] {
  const all = anomaly.type === 'read'
    ? [anomaly.reader, ...(anomaly.writer === undefined ? [] : [anomaly.writer])]
    : transactionsOfCycle(anomaly.cycle);
  return [...new Set(all)].sort((one, other) => one - other);
}

function transactionsOfCycle(cycle: Cycle): number[] {
  return cycle.flatMap(({ from, otherwise }) => [from, ...transactionsOfCycle(otherwise ?? [])]);
}

/** `G2-item (write skew): T1 → T2 → T1`. */
function anomalyTitle(anomaly: Anomaly): string {
  if (anomaly.type === 'read') {
    return `${nameOf(anomaly)}: ${transactionName(anomaly.reader)}`;
  }
  const names = anomaly.cycle.map(({ from }) => transactionName(from));
  return `${nameOf(anomaly)}: ${[...names, names[0]].join(' → ')}`;
}

/** `T1 (A): r x null, append y 1`. */
export function transactionLine(index: number, history: History): string {
  const operation = history[index];
  return `${transactionName(index)} (${operation.process}): ${partsText(operation)}`;
}

/** `r x null, append y 1`. */
export function partsText(operation: HistoryOperation): string {
  const { outcome, result } = operation;
  const parts = outcome === 'ok' && Array.isArray(result) ? result : microOperationsOf(operation);
  const all = (parts ?? []).map((part) => (Array.isArray(part) ? partText(part) : shown(part)));
  const ending = outcome === 'ok' ? '' : outcome === 'failed' ? ' (aborted)' : ' (no answer)';
  return `${all.join(', ')}${ending}`;
}

function partText([kind, key, value]: readonly Json[]): string {
  const isUnread = (kind === 'r' || kind === 'read') && (value ?? null) === null;
  const of = key === null ? '' : ` ${keyText(key)}`;
  return `${String(kind)}${of} ${isUnread ? 'nil' : valueText(value)}`;
}

export function keyText(key: Json): string {
  // An object that has only one register gives it no key.
  return typeof key === 'string' ? key : key === null ? 'the register' : shown(key, 40);
}

/** A list is written as in Jepsen: `[1 2 3]`, and its end shows what it was last. */
function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nil';
  if (!Array.isArray(value)) return shown(value, 60);
  const last = value.slice(-8).map((one) => shown(one, 40));
  return `[${value.length > 8 ? '… ' : ''}${last.join(' ')}]`;
}

function anomalyLines(anomaly: Anomaly, history: History): string[] {
  if (anomaly.type === 'read') return [readSentence(anomaly)];
  const { shape, cycle } = anomaly;
  return shape === 'lost update' ? lostUpdateLines(cycle) : cycleLines(cycle, history, 0);
}

function lostUpdateLines([{ from, to, key, value, isList }]: Cycle): string[] {
  const [one, other] = [from, to].sort((a, b) => a - b).map(transactionName);
  const did = isList === true ? `appended to ${keyText(key!)}` : `wrote ${keyText(key!)}`;
  const both = `${one} and ${other} both read ${keyText(key!)} as ${valueText(value)}`;
  return [`${both}, and then both ${did}: neither saw what the other did`];
}

function cycleLines(cycle: Cycle, history: History, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return cycle.flatMap((dependency) => {
    const { otherwise } = dependency;
    const sentence = `${indent}${dependencySentence(dependency, history)}`;
    // Reasons have reasons in turn; three levels are as many as can be followed.
    if (otherwise === undefined || depth > 2) return [sentence];
    return [
      `${sentence}; no read shows this order, but the other order is a cycle too:`,
      ...cycleLines(otherwise, history, depth + 1),
    ];
  });
}

/** `T1 read x as [1 2] before T2 appended 3 to it (rw)`. */
function dependencySentence(dependency: Dependency, history: History): string {
  const { type, from, to, key, value, next, isList } = dependency;
  const [one, other] = [transactionName(from), transactionName(to)];
  const name = key === undefined ? '' : keyText(key);
  const wrote = (written: Json | undefined, place: string) =>
    `${isList === true ? 'appended' : 'wrote'} ${valueText(written)} to ${place}`;
  switch (type) {
    case 'ww':
      return `${one} ${wrote(value, name)} before ${other} ${wrote(next, 'it')} (ww)`;
    case 'wr':
      return `${one} ${wrote(value, name)}, and ${other} read it (wr)`;
    case 'rw':
      return `${one} read ${name} as ${valueText(value)} before ${other} ${wrote(next, 'it')} (rw)`;
    case 'process':
      return `client ${history[from].process} ran ${one} before ${other} (process)`;
    case 'realtime':
      return `${one} was answered before ${other} was invoked (realtime)`;
  }
}

function readSentence({ name, key, isList, reader, read, writer, value }: ReadAnomaly): string {
  const saw = `${transactionName(reader)} read ${keyText(key)} as ${valueText(read)}`;
  const other = writer === undefined ? '' : transactionName(writer);
  const it = valueText(value);
  switch (name) {
    case 'G1a':
      return `${saw}, and ${other}, which aborted, had written ${it}`;
    case 'G1b':
      return isList
        ? `${saw}, which has ${it} but not all that ${other} appended`
        : `${saw}, which ${other} overwrote before it committed`;
    case 'internal':
      return `${saw}, but its own earlier reads and writes left ${it} there`;
    case 'future read':
      return `${saw}, which has a value that it wrote only later`;
    case 'unwritten read':
      return `${saw}, and no transaction wrote ${it}`;
    case 'duplicate element':
      return `${saw}, which has ${it} more than once`;
    case 'incompatible order':
      return `${saw}, and ${other} read it as ${it}: neither list continues the other`;
  }
}
