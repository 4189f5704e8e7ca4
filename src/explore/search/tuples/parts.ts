/**
 * The parts of a state and a step that code may read, each with a number: what happened in the
 * step, a field of a node, a cell of what is remembered, or a bundle of these.
 */
import { shownBy } from '../../../code/limits/views.ts';
import { contentText } from '../../../kernel/data/plain.ts';
import type { Slot } from '../../../kernel/world.ts';
import { doubled, Interner } from '../../interning.ts';
import { noting, notingNodes } from '../noting.ts';
import type { Cells } from './cells.ts';
import type { LocalSteps } from './local.ts';
import { stepParts } from './watched.ts';

/** A node with all that there is of it, and what the kernel says of it beside its state. */
const wholeNode = '';
const statusOf = 'status of the node';

type Part =
  | { readonly type: 'cell'; readonly cell: number; readonly bundle: number }
  | { readonly type: 'bundle'; readonly bundle: number }
  | { readonly type: 'field'; readonly field: Field; readonly node: number };

export class Parts {
  private readonly all: Part[] = [];
  private readonly ofCells: number[] = [];
  private readonly ofBundles: number[] = [];
  private readonly ofFields: number[][] = [];
  private readonly fields = new Map<string, Field>();
  private words = new Int32Array(0);
  private bundles = new Int32Array(0);
  private step = new Int32Array(0);

  constructor(
    private readonly local: LocalSteps,
    private readonly cells: Cells,
  ) {}

  get bytes(): number {
    let bytes = 0;
    for (const field of this.fields.values()) bytes += field.bytes;
    return bytes;
  }

  /** From now on, the values are those of these nodes, bundles, and parts of a step. */
  show(words: Int32Array, bundles: Int32Array, step: Int32Array): void {
    this.words = words as Int32Array<ArrayBuffer>;
    this.bundles = bundles as Int32Array<ArrayBuffer>;
    this.step = step as Int32Array<ArrayBuffer>;
  }

  /** The same of nodes alone. */
  showNodes(words: Int32Array): void {
    this.words = words as Int32Array<ArrayBuffer>;
  }

  /** The value of a part. */
  at(part: number): number {
    if (part < stepParts) return this.step[part];
    const one = this.all[part - stepParts];
    if (one.type === 'field') return one.field.classAt(this.words[one.node]);
    if (one.type === 'bundle') return this.bundles[one.bundle];
    return this.cells.at(one.cell, this.bundles[one.bundle]);
  }

  ofCell(cell: number): number {
    const bundle = this.cells.bundleOf(cell);
    return (this.ofCells[cell] ??= this.add({ type: 'cell', cell, bundle }));
  }

  ofBundle(bundle: number): number {
    return (this.ofBundles[bundle] ??= this.add({ type: 'bundle', bundle }));
  }

  ofField(node: number, name: string): number {
    const field = this.fieldOf(name);
    const known = (this.ofFields[node] ??= []);
    return (known[field.number] ??= this.add({ type: 'field', field, node }));
  }

  /**
   * Of a part that one invariant reads, what all of them read for it; undefined if that follows
   * from the step, in which the node `acted` acted.
   */
  coarse(part: number, acted: number): number | undefined {
    if (this.isOfStep(part, acted)) return undefined;
    const one = this.all[part - stepParts];
    return one.type === 'cell' && !this.cells.isOrder(one.cell) ? this.ofBundle(one.bundle) : part;
  }

  /** Whether the step decides the value of a part, in which the node `acted` acted. */
  isOfStep(part: number, acted: number): boolean {
    if (part < stepParts) return true;
    const one = this.all[part - stepParts];
    return one.type === 'field' && one.node === acted;
  }

  isOfNode(part: number): boolean {
    return part >= stepParts && this.all[part - stepParts].type === 'field';
  }

  /** A node whose fields are noted one by one. Equal values of a field are the same object. */
  view(slot: Slot, node: number, note: (part: number) => void): Slot {
    const read = (name: string) => note(this.ofField(node, name));
    const whole = () => read(wholeNode);
    const number = this.words[node];
    const state = noting(slot.state, {
      get: (target, key) => {
        if (key === shownBy) return target;
        if (typeof key !== 'string') return Reflect.get(target, key);
        read(`state ${key}`);
        return this.fieldOf(`state ${key}`).valueAt(number);
      },
      note: whole,
    });
    return noting(slot, {
      get: (target, key) => {
        if (key === 'state') return state;
        if (ofStatus.has(key)) read(statusOf);
        else if (!constant.has(key)) whole();
        return Reflect.get(target, key);
      },
      note: whole,
    });
  }

  /** The nodes; each that is read is noted as a whole. */
  wholes(slots: readonly Slot[], note: (part: number) => void): Slot[] {
    return notingNodes(slots as Slot[], (node) => note(this.ofField(node, wholeNode)));
  }

  private fieldOf(name: string): Field {
    let field = this.fields.get(name);
    if (field === undefined) {
      field = new Field(this.fields.size, this.local, name);
      this.fields.set(name, field);
    }
    return field;
  }

  private add(part: Part): number {
    this.all.push(part);
    return stepParts + this.all.length - 1;
  }
}

/** A field of nodes: states of nodes in which it has the same value have the same class. */
class Field {
  private readonly texts = new Interner();
  private readonly values: unknown[] = [];
  private classes = new Int32Array(16).fill(-1);

  constructor(
    readonly number: number,
    private readonly local: LocalSteps,
    private readonly name: string,
  ) {}

  get bytes(): number {
    return this.texts.bytes + this.classes.byteLength;
  }

  classAt(slot: number): number {
    if (this.name === wholeNode) return slot;
    const known = slot < this.classes.length ? this.classes[slot] : -1;
    return known < 0 ? this.classOf(slot) : known;
  }

  valueAt(slot: number): unknown {
    return this.values[this.classAt(slot)];
  }

  private classOf(slot: number): number {
    while (slot >= this.classes.length) {
      const { length } = this.classes;
      this.classes = doubled(this.classes).fill(-1, length);
    }
    const { status, state } = this.local.slots[slot];
    const value = this.name === statusOf ? status : state[this.name.slice('state '.length)];
    const number = this.texts.of(contentText(value));
    if (number === this.values.length) this.values.push(value);
    return (this.classes[slot] = number);
  }
}

const ofStatus: ReadonlySet<string | symbol> = new Set(['up', 'started', 'paused', 'status']);
/** What never changes. */
const constant: ReadonlySet<string | symbol> = new Set([
  'id', 'role', 'index', 'cast', 'options', shownBy,
]);
