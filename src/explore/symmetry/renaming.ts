/**
 * The names of alike nodes in plain data: whole strings, words of a string such as `r1` in `r1#2`,
 * and keys. An object whose keys name alike nodes is a set: their order has no meaning.
 */
import { contentText } from '../../kernel/data/plain.ts';
import type { NodeId } from '../../protocol/types.ts';

/** Items whose order has no meaning. */
export class Bag {
  constructor(readonly items: readonly unknown[]) {}
}

/** By the number of an alike node: what it is called instead. */
export type Names = readonly string[];

export class AlikeIds {
  /** The number of each alike node. */
  readonly numbers: ReadonlyMap<NodeId, number>;
  private readonly pattern: RegExp;

  /** `all`: other nodes, too, so that the name of one is not found in that of another. */
  constructor(
    readonly ids: readonly NodeId[],
    all: readonly NodeId[],
  ) {
    this.numbers = new Map(ids.map((id, number) => [id, number]));
    const longestFirst = [...all].sort((a, b) => b.length - a.length);
    const words = longestFirst.map((id) => id.replace(/[^\w]/g, '\\$&')).join('|');
    this.pattern = new RegExp(`(?<!\\w)(?:${words})(?!\\w)`, 'g');
  }

  /** The numbers of the alike nodes that a value names. */
  in(value: unknown): number[] {
    const found = new Set<number>();
    this.textOf(value, this.ids, found);
    return [...found].sort((a, b) => a - b);
  }

  /** Like `contentText`, with other names, and without an order where it has no meaning. */
  textOf(value: unknown, names: Names, found?: Set<number>): string {
    if (typeof value === 'string') return JSON.stringify(this.renamedText(value, names, found));
    if (typeof value !== 'object' || value === null) return contentText(value);
    const partOf = (part: unknown) => this.textOf(part, names, found);
    if (Array.isArray(value)) return `[${value.map(partOf).join(',')}]`;
    if (value instanceof Bag) return `{${value.items.map(partOf).sort().join(',')}}`;
    const inOrder: string[] = [];
    const ofAlike: string[] = [];
    for (const [key, part] of Object.entries(value)) {
      const text = `${partOf(key)}:${partOf(part)}`;
      (this.numbers.has(key) ? ofAlike : inOrder).push(text);
    }
    return `{${[...inOrder, ...ofAlike.sort()].join(',')}}`;
  }

  /** A copy with other names. Keys that name alike nodes are in the order of the scenario. */
  renamed<Value>(value: Value, names: Names): Value;
  renamed(value: unknown, names: Names): unknown {
    if (typeof value === 'string') return this.renamedText(value, names);
    if (typeof value !== 'object' || value === null) return value;
    const copied = Array.isArray(value)
      ? value.map((part: unknown) => this.renamed(part, names))
      : this.renamedObject(value as Record<string, unknown>, names);
    return Object.isFrozen(value) ? Object.freeze(copied) : copied;
  }

  private renamedObject(value: Record<string, unknown>, names: Names): Record<string, unknown> {
    const places = Object.keys(value).filter((key) => this.numbers.has(key));
    const numberOf = (id: string) => this.numbers.get(id)!;
    const after = new Map(places.map((key) => [names[numberOf(key)], value[key]]));
    const ordered = [...after.keys()].sort((a, b) => numberOf(a) - numberOf(b));
    const entries = Object.entries(value).map(([key, part]): [string, unknown] => {
      if (!this.numbers.has(key)) {
        return [this.renamedText(key, names), this.renamed(part, names)];
      }
      const next = ordered.shift()!;
      return [next, this.renamed(after.get(next), names)];
    });
    return Object.fromEntries(entries);
  }

  private renamedText(text: string, names: Names, found?: Set<number>): string {
    return text.replace(this.pattern, (id) => {
      const number = this.numbers.get(id);
      if (number === undefined) return id;
      found?.add(number);
      return names[number];
    });
  }
}
