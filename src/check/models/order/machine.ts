/**
 * The states of one part of an object, as numbers. A specification is called once for each state
 * and kind of operation, so that a search costs the same whatever the object is.
 */
import type { History, HistoryOperation, Specification } from '../../../protocol/history.ts';
import { canonical } from '../../../kernel/data/plain.ts';
import type { Json } from '../../../protocol/types.ts';
import { LimitReached, type Meter } from '../limits.ts';

const notPossible = -1;

export class Machine {
  private readonly states: Json[] = [];
  private readonly numbers = new Map<Json, number>();
  private readonly kinds = new Map<string, number>();
  /** By operation, complemented if its result is hidden: each search of a witness needs them. */
  private readonly known = new Map<number, number>();
  private readonly examples: number[] = [];
  /** Of each kind, its name and result: operations that are alike in both are alike in effect. */
  private readonly groups: string[] = [];
  private readonly changing = new Set<string>();
  /** How many states each kind was tried in by `tryObserver`. */
  private readonly triedIn: number[] = [];
  private readonly next: Map<number, number>[] = [];
  private statesMax = Infinity;

  constructor(
    private readonly specification: Specification,
    private readonly history: History,
    private readonly meter: Meter,
  ) {
    this.numberOf(specification.init());
  }

  /** Operations of one kind do the same in each state. `hidden` ignores what it returned. */
  kindOf(operation: number, hidden = false): number {
    const place = hidden ? ~operation : operation;
    let kind = this.known.get(place);
    if (kind === undefined) this.known.set(place, (kind = this.namedKind(operation, hidden)));
    return kind;
  }

  private namedKind(operation: number, hidden: boolean): number {
    const { process, name, args, outcome, result } = this.history[operation];
    const by = this.specification.readsProcess ? `${process} ` : '';
    const isOpen = hidden || outcome !== 'ok';
    const returned = isOpen ? '' : shown(result);
    const text = `${by}${isOpen ? '?' : ''}${name} ${canonical(args)} ${returned}`;
    const known = this.kinds.get(text);
    if (known !== undefined) return known;
    const kind = this.examples.length;
    this.kinds.set(text, kind);
    // Complemented if its result is hidden.
    this.examples.push(isOpen ? ~operation : operation);
    this.groups.push(isOpen ? `?${name}` : `${name} ${shown(result)}`);
    this.triedIn.push(0);
    this.after(0, kind);
    return kind;
  }

  /** The state at the start is 0. Returns -1 if such an operation is not possible in the state. */
  after(state: number, kind: number): number {
    const row = this.next[state];
    const known = row.get(kind);
    if (known !== undefined) return known;
    const next = this.stepped(state, kind);
    row.set(kind, next);
    this.meter.keep(24);
    return next;
  }

  /** Whether such an operation is thought to leave each state as it is. */
  seemsObserver(kind: number): boolean {
    return !this.changing.has(this.groups[kind]);
  }

  /** Tries a kind that seems an observer in all states that have a number yet. */
  tryObserver(kind: number): void {
    while (this.triedIn[kind] < this.states.length && this.seemsObserver(kind)) {
      this.stepped(this.triedIn[kind]++, kind);
    }
  }

  /** How many groups of operations were seen to change a state. */
  get changingKinds(): number {
    return this.changing.size;
  }

  private stepped(state: number, kind: number): number {
    const example = this.examples[kind];
    const recorded = this.history[example < 0 ? ~example : example];
    const operation = this.specification.readsProcess ? recorded : withoutProcess(recorded);
    const given = example < 0 ? opened(operation) : operation;
    const stepped = this.specification.step(this.states[state], given);
    const next = stepped === undefined ? notPossible : this.numberOf(stepped);
    if (next >= 0 && next !== state) this.changing.add(this.groups[kind]);
    return next;
  }

  /** `after` throws `LimitReached` when it reaches more new states than this. */
  allowStates(count: number): void {
    this.statesMax = this.states.length + count;
  }

  stateOf(number: number): Json {
    return this.states[number];
  }

  private numberOf(state: Json): number {
    const text = typeof state === 'object' && state !== null ? `\0${canonical(state)}` : state;
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.states.length;
    if (number >= this.statesMax) {
      throw new LimitReached({ code: 'limit-reached', limit: 'memory', max: this.statesMax });
    }
    this.states.push(state);
    this.next.push(new Map());
    this.numbers.set(text, number);
    this.meter.keep(200 + (typeof text === 'string' ? 2 * text.length : 0));
    return number;
  }
}

function shown(result: Json | undefined): string {
  return result === undefined ? '' : canonical(result);
}

/** Operations that differ only in their process count as one kind, unless `step` may read it. */
function withoutProcess(operation: HistoryOperation): HistoryOperation {
  return Object.defineProperty({ ...operation }, 'process', {
    get() {
      throw new Error('`step` reads the process of an operation: declare `readsProcess: true`');
    },
  });
}

function opened(operation: HistoryOperation): HistoryOperation {
  const { name, args, invoked, returned } = operation;
  const open = { name, args, invoked, returned, outcome: 'unknown', result: undefined } as const;
  const process = Object.getOwnPropertyDescriptor(operation, 'process')!;
  return Object.defineProperty(open, 'process', process) as HistoryOperation;
}
