/**
 * Views that note which fields code reads of what it is given: an invariant reads them in some of
 * the steps.
 */
import { isPlain } from '../../kernel/data/shown.ts';
import type { Observation } from '../../protocol/types.ts';
import { isConstant } from './frozen-constants.ts';
import { nodeViews, type Nodes } from './node-views.ts';
import { frozenStep } from './read-only.ts';
import { answerOf, isView, shownBy, targetOf } from './views.ts';

/** What an object is that code reads: the path of its parts begins with this word. */
export type Given =
  | 'observation' | 'nodes' | 'node' | 'state' | 'events' | 'event' | 'fields' | 'message' | 'body'
  | 'operation' | 'args' | 'answers' | 'answer' | 'result' | 'memory' | 'history' | 'recorded';

/** A value that has no fields of its own: code reads one from it by mistake. */
export type Scalar = 'number' | 'string' | 'boolean';

export interface ReadNotes {
  /**
   * Called with a field that an object lacks, and the path to the object. A copy that was made of
   * several objects has the paths of all of them.
   */
  missed(paths: readonly string[], field: string): void;
  /** Called with a field of a value that is not an object, and the name of the value, if any. */
  missedOn(scalar: Scalar, name: string | undefined, field: string): void;
  /** Called with an object that is read. */
  visited(path: string, object: object): void;
}

/** The parts of what code is given that have a name of their own; others are `path.key`. */
const partsOf: Readonly<Record<string, Readonly<Record<string, Given>>>> = {
  node: { state: 'state' },
  event: { fields: 'fields' },
  message: { body: 'body' },
  operation: { args: 'args' },
  answer: { args: 'args', result: 'result' },
  recorded: { args: 'args', result: 'result' },
} satisfies { readonly [Path in Given]?: Record<string, Given> };

const itemsOf: Readonly<Record<string, Given>> = {
  nodes: 'node',
  events: 'event',
  answers: 'answer',
  history: 'recorded',
} satisfies { readonly [Path in Given]?: Given };

/** Code may copy what it reads: its last copies are recognized among this many objects. */
const enumeratedMax = 64;

class Trace {
  /** One view per object, so that two reads of an object return the same one. */
  private readonly views = new Map<object, object>();
  /** The objects whose fields were listed or copied, the last one at the end. */
  private enumerated: { readonly whole: object; readonly paths: readonly string[] }[] = [];
  /** The objects that were written as JSON. */
  private readonly texts = new Map<string, readonly string[]>();

  /** `notes` are those of the code that reads now: all code of a step reads through one trace. */
  constructor(public notes: ReadNotes) {}

  view<Part>(whole: Part, path: string): Part {
    if (typeof whole !== 'object' || whole === null) return whole;
    const known = this.known(whole);
    if (known !== undefined) return known;
    // Code may compare it with the constant itself.
    if (isView(whole) || isConstant(whole)) return whole;
    if (!Array.isArray(whole)) this.notes.visited(path, whole);
    return this.made(whole, [path]);
  }

  /** The view of an object that was made before. */
  known<Part extends object>(whole: Part): Part | undefined {
    return this.views.get(whole) as Part | undefined;
  }

  private made<Part extends object>(whole: Part, paths: readonly string[]): Part {
    // A view must return the parts of a frozen object as they are: it needs a target of its own.
    const target = Object.isFrozen(whole) ? standIn(whole) : whole;
    const reader = new ViewHandler(whole, paths, this);
    const view = new Proxy(target, reader);
    reader.view = view;
    this.views.set(whole, view);
    return view;
  }

  noteEnumerated(whole: object, paths: readonly string[]): void {
    if (this.enumerated.at(-1)?.whole === whole) return;
    this.enumerated.push({ whole, paths });
    if (this.enumerated.length > enumeratedMax) this.enumerated.shift();
  }

  /** The view of an object that is a copy of what was read; any other object itself. */
  copied<Part extends object>(value: Part): Part {
    if (isView(value) || !isPlain(value)) return value;
    const known = this.known(value);
    if (known !== undefined) return known;
    const keys = Object.keys(value);
    if (keys.length === 0) return value;
    const paths = new Set<string>();
    for (const source of this.enumerated) {
      if (isCopy(value, keys, source.whole)) for (const path of source.paths) paths.add(path);
    }
    return paths.size === 0 ? value : this.made(value, [...paths]);
  }

  /** What a memory stores of what is assigned: of a state it gets a copy, which its check makes. */
  stored(value: unknown): unknown {
    if (!isObject(value) || !isView(value)) return value;
    const isOwn = this.pathsOf(value)?.[0].startsWith('memory') ?? false;
    const target = targetOf(value);
    return isOwn || Object.isFrozen(target) ? target : value;
  }

  noteText(text: string, view: object): void {
    const paths = this.pathsOf(view);
    if (paths !== undefined) this.texts.set(text, paths);
  }

  /** Where the object is that a view of this trace shows. */
  private pathsOf(view: object): readonly string[] | undefined {
    const handler = (view as { [handledBy]?: ViewHandler<object> })[handledBy];
    return handler?.trace === this ? handler.paths : undefined;
  }

  parsed<Part extends object>(text: string, value: Part): Part {
    const paths = this.texts.get(text);
    return paths === undefined ? value : this.made(value, paths);
  }
}

/** An object of the same kind with no fields, which is not frozen. */
function standIn<Part extends object>(whole: Part): Part {
  if (Array.isArray(whole)) return [] as unknown as Part;
  return Object.create(Object.getPrototypeOf(whole) as object | null) as Part;
}

type Parts = Record<string, unknown>;

/** Whether an object has all fields of another, or only such fields and with the same values. */
function isCopy(value: object, keys: readonly string[], whole: object): boolean {
  const [own, from] = [value as Parts, whole as Parts];
  let isEmpty = true;
  let hasAll = true;
  // A list of the keys of each of many objects takes much longer than the rest.
  for (const key in from) {
    if (!Object.hasOwn(from, key)) continue;
    isEmpty = false;
    hasAll = Object.hasOwn(own, key);
    if (!hasAll) break;
  }
  if (isEmpty) return false;
  return hasAll
    || keys.every((key) => Object.hasOwn(from, key) && isSame(own[key], from[key]));
}

/** A copy holds views of what the object itself holds. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || (isObject(one) && isObject(other) && targetOf(one) === targetOf(other));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The key to which a view answers its handler. */
const handledBy = Symbol('the handler of a view');

/** Reads the object behind a view. Nothing but a read differs from one of the object itself. */
class ViewHandler<Whole extends object> implements ProxyHandler<Whole> {
  private readonly isList: boolean;
  view: Whole | undefined;

  constructor(
    private readonly whole: Whole,
    readonly paths: readonly string[],
    readonly trace: Trace,
  ) {
    this.isList = Array.isArray(whole);
  }

  get(target: Whole, key: string | symbol, receiver: unknown): unknown {
    // Without a receiver, a getter runs on the object itself instead of on its view.
    if (typeof key !== 'string') return this.answer(key, receiver === this.view);
    const part = (this.whole as Parts)[key];
    if (part === undefined) this.noteUnless(key in this.whole, key);
    // What code froze while it ran has to be returned as it is.
    if (!isObject(part) || Object.isFrozen(target)) return part;
    // The path is made only for an object that is read for the first time.
    return this.trace.known(part) ?? this.trace.view(part, this.pathOf(key));
  }

  has(_: Whole, key: string | symbol): boolean {
    const isThere = key in this.whole;
    this.noteUnless(isThere, key);
    return isThere;
  }

  getOwnPropertyDescriptor(target: Whole, key: string | symbol): PropertyDescriptor | undefined {
    const found = Reflect.getOwnPropertyDescriptor(this.whole, key);
    this.noteUnless(found !== undefined || key in this.whole, key);
    if (found === undefined || target === this.whole || Object.isFrozen(target)) return found;
    // A field that the target does not have must seem to be one that can change.
    const isLength = this.isList && key === 'length';
    if (found.configurable === !isLength && found.writable !== false) return found;
    return { ...found, configurable: !isLength, ...('value' in found && { writable: true }) };
  }

  ownKeys(): (string | symbol)[] {
    if (!this.isList) this.trace.noteEnumerated(this.whole, this.paths);
    return Reflect.ownKeys(this.whole);
  }

  set(_: Whole, key: string | symbol, value: unknown): boolean {
    // An assignment, so that the error is the engine's own.
    (this.whole as Record<string | symbol, unknown>)[key] = this.trace.stored(value);
    return true;
  }

  deleteProperty(_: Whole, key: string | symbol): boolean {
    return Reflect.deleteProperty(this.whole, key);
  }

  defineProperty(_: Whole, key: string | symbol, field: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.whole, key, field);
  }

  preventExtensions(target: Whole): boolean {
    if (target !== this.whole) {
      Object.defineProperties(target, Object.getOwnPropertyDescriptors(this.whole));
      Object.freeze(target);
    }
    return Reflect.preventExtensions(target);
  }

  private answer(key: symbol, isItself: boolean): unknown {
    if (key === shownBy) return answerOf(this.whole, isItself);
    if (key === handledBy) return isItself ? this : undefined;
    return Reflect.get(this.whole, key);
  }

  private noteUnless(isThere: boolean, key: string | symbol): void {
    // The position of an item depends on the run.
    if (isThere || typeof key !== 'string' || /^-?\d+$/.test(key)) return;
    this.trace.notes.missed(this.paths, key);
  }

  private pathOf(key: string): string {
    const [path] = this.paths;
    if (this.isList) return itemsOf[path] ?? `${path}[]`;
    return partsOf[path]?.[key] ?? `${path}.${key}`;
  }
}

/** What is traced: code that is called with `given`. */
let ready: { readonly given: object; readonly trace: Trace } | undefined;
/** Set while such code runs. */
let current: Trace | undefined;

const tracedNodes = new WeakSet<Nodes>();

/** The last observation that was traced: making the views anew for each reader takes far longer. */
let last: { readonly of: object; readonly trace: Trace } | undefined;

function traceOf(observation: object, notes: ReadNotes): Trace {
  if (last?.of !== observation) last = { of: observation, trace: new Trace(notes) };
  last.trace.notes = notes;
  return last.trace;
}

/** The observation of a step whose reads are noted, for the next code that is called with it. */
export function traced<Memory>(
  observation: Observation<Memory>,
  notes: ReadNotes,
): Observation<Memory> {
  const trace = traceOf(observation, notes);
  const happened = frozenStep(observation);
  const nodes = trace.view(nodeViews(observation.nodes), 'nodes') as Observation['nodes'];
  tracedNodes.add(nodes);
  const given = {
    nodes,
    acted: observation.acted && nodes[observation.nodes.indexOf(observation.acted)],
    time: observation.time,
    memory: trace.view(observation.memory, 'memory'),
    events: trace.view(happened.events, 'events'),
    message: trace.view(happened.message, 'message'),
    invoked: trace.view(happened.invoked, 'operation'),
    answers: trace.view(happened.answers, 'answers'),
    get history() {
      return trace.view(observation.history, 'history');
    },
  };
  ready = { given, trace };
  return given;
}

/** A state whose reads are noted. */
export function tracedState<State extends object>(state: State, notes: ReadNotes): State {
  const trace = new Trace(notes);
  const given = trace.view(state, 'state');
  ready = { given, trace };
  return given;
}

/** Whether the reads of these nodes are noted. */
export function isTraced(nodes: Nodes): boolean {
  return tracedNodes.has(nodes);
}

/** What code receives in place of an observation that may be traced: it is traced, too. */
export function tracedWhole<Seen extends object>(seen: Seen, observation: Seen): Seen {
  if (ready === undefined || ready.given !== observation) return seen;
  return ready.trace.view(seen, 'observation');
}

/** Must be called before each call by the kernel: only code with traced arguments is traced. */
export function startTracing(given: unknown): void {
  current = ready !== undefined && ready.given === given ? ready.trace : undefined;
}

// Called by instrumented code

/** With each object that is made of the fields of others: a copy is traced like its source. */
export function copied<Value>(value: Value): Value {
  return current !== undefined && isObject(value) ? current.copied(value) : value;
}

/** With each value of which a field is read that only an object can have; `name` is the value's. */
export function read<Value>(value: Value, field: string, name?: string): Value {
  if (current !== undefined && !isObject(value)) noteRead(current, value, field, name);
  return value;
}

function noteRead(trace: Trace, value: unknown, field: string, name: string | undefined): void {
  const type = typeof value;
  if (type !== 'number' && type !== 'string' && type !== 'boolean') return;
  if (!(field in Object(value))) trace.notes.missedOn(type, name, field);
}

/** With what a function of the language returned, when it may be a copy. */
export function returned(code: unknown, [given]: readonly unknown[], value: unknown): unknown {
  if (current === undefined) return value;
  if (code === JSON.stringify && typeof value === 'string' && isObject(given)) {
    current.noteText(value, given);
  } else if (code === JSON.parse && isObject(value)) {
    return current.parsed(String(given), value);
  } else if (code === Object.assign) {
    return copied(value);
  }
  return value;
}
