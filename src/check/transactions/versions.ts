/** The versions of each key: which transaction installed each, and which transactions read it. */
import type { AmbiguousRead, ReadAnomaly } from './anomaly.ts';
import { type ExternalRead, externalReads, readAnomaly } from './reads.ts';
import type { Transaction, Transactions } from './transaction.ts';
import { type Writer, Writers } from './writers.ts';

/** The value of a key that one transaction left, or the one at the start. */
export interface Version {
  readonly key: number;
  /** The transaction; undefined for the version at the start. */
  readonly by: number | undefined;
  /** The transactions that read it, each once. */
  readonly readers: number[];
}

export interface KeyVersions {
  readonly key: number;
  readonly initial: Version;
  /** The versions of a list that were observed, in their order. */
  readonly chain: readonly Version[];
  /** The others: they follow all of the chain, in an order that no read shows. */
  readonly free: readonly Version[];
}

export interface Versions {
  readonly keys: readonly KeyVersions[];
  /** By transaction: whether it committed, as its answer or a read of what it wrote shows. */
  readonly committed: readonly boolean[];
  readonly anomalies: readonly ReadAnomaly[];
  readonly ambiguous: AmbiguousRead | undefined;
}

/** Reads with faults are left out of the versions: they are anomalies already. */
export function versionsOf(transactions: Transactions): Versions {
  return new VersionTable(transactions).build();
}

class VersionTable {
  private readonly writers: Writers;
  private readonly committed: boolean[];
  private readonly anomalies: ReadAnomaly[] = [];
  private readonly reads: ExternalRead[][];
  private ambiguous: AmbiguousRead | undefined;

  constructor(private readonly transactions: Transactions) {
    const { all, keys } = transactions;
    this.writers = new Writers(transactions);
    this.committed = all.map(({ outcome }) => outcome === 'ok');
    this.reads = keys.map(() => []);
  }

  build(): Versions {
    for (const transaction of this.transactions.all) this.noteReads(transaction);
    const { keys, isList } = this.transactions;
    const chains = keys.map((_, key) => (isList[key] ? this.chainOf(key) : undefined));
    keys.forEach((_, key) => {
      if (!isList[key]) for (const read of this.reads[key]) this.noteRegisterRead(key, read);
    });
    // Only now is it known which transactions of unknown outcome committed.
    const all = keys.map((_, key) => this.versionsOfKey(key, chains[key]));
    const { committed, anomalies, ambiguous } = this;
    return { keys: all, committed, anomalies, ambiguous };
  }

  private noteReads(transaction: Transaction): void {
    if (transaction.outcome !== 'ok') return;
    const { reads, anomalies } = externalReads(this.transactions, transaction, this.writers);
    for (const read of reads) this.reads[read.key].push(read);
    this.anomalies.push(...anomalies);
  }

  // Lists

  /** The longest list that was read; every other one must be its beginning. */
  private chainOf(key: number): readonly number[] {
    const reads = this.reads[key];
    let [longest] = reads;
    if (longest === undefined) return [];
    for (const read of reads) if (read.list.length > longest.list.length) longest = read;
    for (const read of reads) {
      if (read !== longest && !isPrefix(read.list, longest.list)) {
        this.anomalies.push({
          ...this.anomaly('incompatible order', read),
          writer: longest.transaction,
          value: longest.list.map((one) => this.transactions.values[one]),
        });
      }
    }
    const sound = this.soundLength(key, longest.list);
    for (const read of reads) this.checkList(read, read.list.length <= sound ? longest.list : []);
    return longest.list;
  }

  /** How many elements of the longest list are there once and whole: most often, all. */
  private soundLength(key: number, list: readonly number[]): number {
    const all = new Set(list);
    const known = new Set<number>();
    const fault = list.findIndex((value, at) => {
      const writer = this.writers.of(key, value);
      if (known.has(value) || typeof writer !== 'object') return true;
      const { previous, next, transaction } = writer;
      if (previous !== undefined && !known.has(previous)) return true;
      if (next !== undefined && at < list.length - 1 && !all.has(next)) return true;
      if (this.transactions.all[transaction].outcome === 'failed') return true;
      known.add(value);
      this.committed[transaction] = true;
      return false;
    });
    return fault < 0 ? list.length : fault;
  }

  /** The elements of a list that begins as `sound` does need no check of their own. */
  private checkList(read: ExternalRead, sound: readonly number[]): void {
    const { key, list, before } = read;
    if (list.length > 0 && !isPrefix(list, sound)) this.checkElements(read);
    const last = this.writers.of(key, before.at(-1));
    if (typeof last !== 'object' || last.next === undefined) return;
    if (last.transaction !== read.transaction) {
      this.fault('G1b', read, before.at(-1)!, last.transaction);
    }
  }

  private checkElements(read: ExternalRead): void {
    const all = new Set(read.list);
    const known = new Set<number>();
    for (const value of read.list) {
      if (known.has(value)) this.fault('duplicate element', read, value);
      const writer = this.writerOf(read, value);
      if (writer === 'none') this.fault('unwritten read', read, value);
      else if (writer !== 'ambiguous') {
        this.noteWriter(read, writer, value);
        const { previous, next, transaction } = writer;
        // It returned a part of what another transaction wrote.
        const isPart = (previous !== undefined && !known.has(previous)) ||
          (next !== undefined && !all.has(next));
        if (isPart && transaction !== read.transaction) this.fault('G1b', read, value, transaction);
      }
      known.add(value);
    }
  }

  // Registers

  private noteRegisterRead(key: number, read: ExternalRead): void {
    const value = read.before.at(-1);
    if (value === undefined) return;
    const isStart = this.isStart(read, value);
    if (isStart && !this.writers.isByOther(key, value, read.transaction)) return;
    const writer = isStart ? 'ambiguous' : this.writers.of(key, value, read.transaction);
    if (writer === 'ambiguous') return this.noteAmbiguous(read, value);
    if (writer === 'none') return this.fault('unwritten read', read, value);
    this.noteWriter(read, writer, value);
    if (writer.next !== undefined && writer.transaction !== read.transaction) {
      this.fault('G1b', read, value, writer.transaction);
    }
  }

  // Both

  private isStart({ key }: ExternalRead, value: number): boolean {
    const { isList, initial } = this.transactions;
    return !isList[key] && initial[key] === value;
  }

  private writerOf(read: ExternalRead, value: number): Writer | 'none' | 'ambiguous' {
    const writer = this.writers.of(read.key, value, read.transaction);
    if (writer === 'ambiguous') this.noteAmbiguous(read, value);
    return writer;
  }

  private noteAmbiguous(read: ExternalRead, value: number): void {
    this.ambiguous ??= this.ambiguousRead(read, value);
  }

  private noteWriter(read: ExternalRead, writer: Writer, value: number): void {
    const { outcome } = this.transactions.all[writer.transaction];
    if (outcome === 'failed') this.fault('G1a', read, value, writer.transaction);
    else this.committed[writer.transaction] = true;
  }

  private versionsOfKey(key: number, chain: readonly number[] | undefined): KeyVersions {
    const initial: Version = { key, by: undefined, readers: [] };
    const byWriter = new Map<number, Version>();
    const order: Version[] = [];
    for (const value of chain ?? []) {
      const writer = this.writers.of(key, value);
      if (typeof writer !== 'object' || !this.committed[writer.transaction]) continue;
      if (order.at(-1)?.by === writer.transaction) continue;
      const version = { key, by: writer.transaction, readers: [] };
      // Of a transaction whose elements are not side by side, the last place counts for readers.
      byWriter.set(writer.transaction, version);
      order.push(version);
    }
    const free: Version[] = [];
    for (const transaction of this.writers.transactionsOf(key)) {
      if (!this.committed[transaction] || byWriter.has(transaction)) continue;
      const version = { key, by: transaction, readers: [] };
      byWriter.set(transaction, version);
      free.push(version);
    }
    for (const read of this.reads[key]) {
      const version = this.versionRead(key, read, initial, byWriter);
      if (version !== undefined && version.readers.at(-1) !== read.transaction) {
        version.readers.push(read.transaction);
      }
    }
    return { key, initial, chain: order, free };
  }

  /** The version that a read returned; of aborted writes, the one before them. */
  private versionRead(
    key: number,
    read: ExternalRead,
    initial: Version,
    byWriter: ReadonlyMap<number, Version>,
  ): Version | undefined {
    const { before } = read;
    const [value] = before;
    if (value !== undefined && this.isStart(read, value)) {
      return this.writers.isByOther(key, value, read.transaction) ? undefined : initial;
    }
    for (let at = before.length - 1; at >= 0; at--) {
      const writer = this.writers.of(key, before[at], read.transaction);
      if (typeof writer !== 'object') return undefined;
      const version = byWriter.get(writer.transaction);
      if (version !== undefined) return version.by === read.transaction ? undefined : version;
    }
    return before.length === 0 || this.transactions.isList[key] ? initial : undefined;
  }

  private fault(
    name: ReadAnomaly['name'],
    read: ExternalRead,
    value: number,
    writer?: number,
  ): void {
    const found = this.anomaly(name, read);
    const of = this.transactions.values[value];
    this.anomalies.push({ ...found, value: of, ...(writer !== undefined && { writer }) });
  }

  private anomaly(
    name: ReadAnomaly['name'],
    { key, transaction, list }: ExternalRead,
  ): ReadAnomaly {
    return readAnomaly(this.transactions, name, key, transaction, list);
  }

  private ambiguousRead({ key, transaction }: ExternalRead, value: number): AmbiguousRead {
    const { keys, values } = this.transactions;
    return { code: 'ambiguous-read', reader: transaction, key: keys[key], value: values[value] };
  }
}

function isPrefix(part: readonly number[], whole: readonly number[]): boolean {
  return part.length <= whole.length && part.every((one, at) => one === whole[at]);
}
