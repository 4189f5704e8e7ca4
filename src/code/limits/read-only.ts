/**
 * A read-only view of the nodes for the invariants and derived events of a workspace protocol whose
 * code may change objects in ways that it does not report.
 */
import type { Observation, ObservedMessage } from '../../protocol/types.ts';
import { answerOf, isView, shownBy, targetOf } from './views.ts';

/**
 * An observation that throws if its reader changes a node. Invariants of built-in protocols change
 * nothing, so they get the nodes themselves, which are faster to read.
 *
 * `readers` is the subject of the message: `invariants`.
 */
export function readOnly<Memory, Roles>(
  observation: Observation<Memory, Roles>,
  readers: string,
): Observation<Memory, Roles> {
  const { nodes, acted } = observation;
  const refuse = (path: string) => refuseToModify(path, readers);
  const views = viewOf(nodes, 'nodes', refuse, new Map());
  // A search through views would read each.
  const own = { nodes: views, acted: acted && views[targetOf(nodes).indexOf(targetOf(acted))] };
  const { time, memory } = observation;
  return {
    ...own,
    time,
    memory,
    ...frozenStep(observation),
    // Made when it is read, and frozen.
    get history() {
      return observation.history;
    },
  };
}

export function refuseToModify(path: string, readers: string): never {
  const instead = 'copy it first, or keep notes in the memory';
  throw new Error(`${readers} are read-only and cannot modify ${path}: ${instead}`);
}

type Happened = Pick<Observation, 'events' | 'message' | 'invoked' | 'answers'>;

/** The last step that was copied: all invariants observe the same one. */
let last: { readonly of: Happened; readonly copied: Happened } | undefined;

/** What happened in the step, in copies: the same objects are in the effects of the step. */
export function frozenStep<Memory, Roles>(
  observation: Observation<Memory, Roles>,
): Pick<Observation<Memory, Roles>, keyof Happened> {
  const { events, message, invoked, answers } = observation as Happened;
  // A traced step was copied before.
  if (isView(events)) return { events, message, invoked, answers } as typeof observation;
  const of = last?.of;
  const isSame =
    of?.events === events && of.message === message && of.invoked === invoked
    && of.answers === answers;
  if (!isSame) {
    const copied = {
      events: frozenItems(events),
      message: message && envelope(message),
      invoked: invoked && Object.freeze({ ...invoked }),
      answers: frozenItems(answers),
    };
    last = { of: { events, message, invoked, answers }, copied };
  }
  return last!.copied as Pick<Observation<Memory, Roles>, keyof Happened>;
}

/** A message of the kernel has more fields, and worlds share it. */
function envelope<Message extends ObservedMessage>({ from, to, body }: Message): Message {
  return Object.freeze({ from, to, body }) as Message;
}

/** The fields of the items are frozen already. */
function frozenItems<Item extends object>(items: readonly Item[]): readonly Item[] {
  if (items.length === 0) return items;
  return Object.freeze(items.map((item) => Object.freeze({ ...item })));
}

/** One view per object, so that two reads of a node return the same one. */
type ViewsOf = Map<object, object>;
type Refuse = (path: string) => never;

function viewOf<T extends object>(whole: T, path: string, refuse: Refuse, views: ViewsOf): T {
  const known = views.get(whole);
  if (known !== undefined) return known as T;
  const handler = new ReadOnly(whole, path, refuse, views);
  const view = new Proxy<T>(whole, handler);
  handler.view = view;
  views.set(whole, view);
  return view;
}

class ReadOnly<T extends object> implements ProxyHandler<T> {
  view: T | undefined;

  constructor(
    private readonly whole: T,
    private readonly path: string,
    private readonly refuse: Refuse,
    private readonly views: ViewsOf,
  ) {}

  get(target: T, key: string | symbol, receiver: unknown): unknown {
    if (key === shownBy) return answerOf(this.whole, receiver === this.view);
    // Without a receiver, a getter runs on the object itself instead of on this view.
    const part: unknown = Reflect.get(target, key);
    if (typeof part !== 'object' || part === null || Object.isFrozen(part)) return part;
    return viewOf(part, this.pathOf(key), this.refuse, this.views);
  }

  set(_: T, key: string | symbol): boolean {
    return this.refuseChange(key);
  }

  deleteProperty(_: T, key: string | symbol): boolean {
    return this.refuseChange(key);
  }

  defineProperty(_: T, key: string | symbol): boolean {
    return this.refuseChange(key);
  }

  setPrototypeOf(): boolean {
    return this.refuse(this.path);
  }

  preventExtensions(): boolean {
    return this.refuse(this.path);
  }

  private refuseChange(key: string | symbol): never {
    return this.refuse(typeof key === 'string' ? this.pathOf(key) : this.path);
  }

  private pathOf(key: string | symbol): string {
    const name = String(key);
    return Array.isArray(this.whole) ? `${this.path}[${name}]` : `${this.path}.${name}`;
  }
}
