/**
 * Packs values that have parts in common, as the views of successive steps have: each part is
 * written once, and whatever contains it refers to it.
 */

/** A value of JSON. Fields that are undefined are left out, as in JSON. */
export type Plain = unknown;

/**
 * An entry of the table: a string; the lines of a long one; a list; or an object. In the last
 * three, a number is how many entries before this one the part is. A number itself stands in a list
 * of its own.
 */
export type PackedEntry =
  | string
  | readonly ['lines' | 'list', ...PackedPart[]]
  | { readonly [key: string]: PackedPart };

export type PackedPart = string | boolean | null | number | readonly [number];

export interface Packed {
  readonly table: readonly PackedEntry[];
  /** The entry of each value. */
  readonly values: readonly number[];
}

/** Shorter strings are written where they are. */
const sharedFrom = 24;
/** Of longer strings with several lines, each line is a part. */
const linesFrom = 200;

export class Packer {
  private readonly table: PackedEntry[] = [];
  private readonly values: number[] = [];
  private readonly places = new Map<string, number>();
  /** How long the table is as text, at least. */
  size = 0;

  add(value: object): void {
    this.values.push(this.ofObject(value));
    this.size += 8;
  }

  get packed(): Packed {
    return { table: this.table, values: this.values };
  }

  private part(value: Plain): Part {
    switch (typeof value) {
      case 'string':
        return value.length < sharedFrom ? { type: 'plain', value } : this.ofText(value);
      case 'number':
        return { type: 'plain', value: Number.isFinite(value) ? [value] : null };
      case 'boolean':
        return { type: 'plain', value };
      default:
        return value === null || value === undefined
          ? { type: 'plain', value: null }
          : entry(this.ofObject(value as object));
    }
  }

  private ofText(text: string): Part {
    const lines = text.length >= linesFrom ? text.split('\n') : [];
    if (lines.length < 2) return entry(this.find(JSON.stringify(text), () => text, text.length));
    return entry(this.place('lines', lines.map((line) => this.part(line))));
  }

  private ofObject(value: object): number {
    if (!Array.isArray(value)) return this.placeOf(value);
    return this.place('list', value.map((one: Plain) => this.part(one)));
  }

  private place(type: 'lines' | 'list', parts: readonly Part[]): number {
    const key = `${type}${parts.map(keyOf).join()}`;
    return this.find(key, (at) => [type, ...parts.map((part) => written(part, at))], key.length);
  }

  private placeOf(value: object): number {
    const fields = Object.entries(value).filter(([, one]) => one !== undefined);
    const parts = fields.map(([name, one]) => [name, this.part(one)] as const);
    const key = `{${parts.map(([name, part]) => JSON.stringify(name) + keyOf(part)).join()}`;
    // `fromEntries` makes a field of its own even of the name `__proto__`.
    const made = (at: number) =>
      Object.fromEntries(parts.map(([name, part]) => [name, written(part, at)]));
    return this.find(key, made, key.length);
  }

  private find(key: string, make: (at: number) => PackedEntry, size: number): number {
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const at = this.table.length;
    this.places.set(key, at);
    this.table.push(make(at));
    this.size += size;
    return at;
  }
}

type Part =
  | { readonly type: 'entry'; readonly place: number }
  | { readonly type: 'plain'; readonly value: PackedPart };

function entry(place: number): Part {
  return { type: 'entry', place };
}

function keyOf(part: Part): string {
  return part.type === 'entry' ? `#${part.place}` : JSON.stringify(part.value);
}

/** Distances repeat where parts do, so that they are compressed well. */
function written(part: Part, at: number): PackedPart {
  return part.type === 'entry' ? at - part.place : part.value;
}

/** Reads packed values: equal parts are the same objects. */
export class Unpacker {
  private readonly made = new Map<number, Plain>();

  constructor(private readonly packed: Packed) {}

  get count(): number {
    return this.packed.values.length;
  }

  value(index: number): Plain {
    return this.entry(this.packed.values[index]!);
  }

  private entry(at: number): Plain {
    if (this.made.has(at)) return this.made.get(at);
    const value = this.make(this.packed.table[at]!, at);
    this.made.set(at, value);
    return value;
  }

  private make(packed: PackedEntry, at: number): Plain {
    if (typeof packed === 'string') return packed;
    const part = (one: PackedPart): Plain => {
      if (typeof one === 'number') return this.entry(at - one);
      return Array.isArray(one) ? (one as readonly [number])[0] : one;
    };
    if (!Array.isArray(packed)) {
      const fields = Object.entries(packed as { readonly [key: string]: PackedPart });
      return Object.fromEntries(fields.map(([name, one]) => [name, part(one)]));
    }
    const [type, ...parts] = packed as readonly ['lines' | 'list', ...PackedPart[]];
    const all = parts.map(part);
    return type === 'lines' ? all.join('\n') : all;
  }
}
