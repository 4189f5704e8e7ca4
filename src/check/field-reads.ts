/** Notes which fields invariants, derived events and `look` read of what does not have them. */
// Reads are noted in the first steps of a run and then in ever fewer steps of each kind, because
// the views that note them cost as much as the rest of a step. The fields that nodes, events,
// messages and results have are noted in every step. `misspelt-fields.ts` decides at the end.
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, Slot, World } from '../kernel/world.ts';
import { callStack } from '../kernel/effects.ts';
import { workspaceCode } from '../code/code.ts';
import { type ReadNotes, type Scalar, traced, tracedState } from '../code/limits/traced-reads.ts';
import type { Observation } from '../protocol/types.ts';
import type { NamedField } from '../scenario/conditions/field-check.ts';
import { handlerName } from '../scenario/handler-name.ts';
import type { Expectation, Scenario } from '../scenario/scenario.ts';

/** What reads: an invariant, a derived event, or `look` of a role. */
export interface Reader {
  readonly kind: 'invariant' | 'derived event' | 'look';
  readonly name: string;
}

/** A field that an object or a value did not have when it was read. */
export interface Miss extends Reader {
  /** Where the object is; several if it is a copy of several. */
  readonly paths: readonly string[];
  readonly field: string;
  /** What the value was, if not an object, and its name. */
  readonly scalar?: Scalar;
  readonly of?: string;
  /** The call stack of the first read. */
  readonly stack: string;
}

/** The keys that were read of the objects at a path below a state, a message, an event, … */
interface Shape {
  keys: string[];
  /** Whether two of them had different keys: it is a record, or it has optional fields. */
  varies: boolean;
}

/** What has fields that are noted in every step: a memory is noted with its reader. */
type Noted = 'state' | `event ${string}` | 'body' | 'result' | `memory ${string}`;

/** What a run showed of fields so far. */
export interface FieldReads {
  /** Whether reads are noted in this step. */
  isTracing: boolean;
  /** How many steps of each kind there were. */
  kinds: Record<string, number>;
  /** The fields that any state, event, message, … ever had. */
  fields: { [Of in Noted]?: Record<string, true> };
  shapes: Record<string, Shape>;
  misses: Miss[];
}

/** All reads are noted in this many steps from the start. */
const allTracedSteps = 200;
/** A protocol has few misspelt fields: more than this many mean that something else is wrong. */
const missesMax = 100;

/** Notes what code of the workspace reads: the compiler has checked the built-in protocols. */
export function fieldMonitors({ protocol, expect }: Scenario): FieldMonitor[] {
  const traces = workspaceCode(protocol) !== undefined;
  const isNeeded = traces || expect.some((one) => namedFieldsOf(one).length > 0);
  return isNeeded ? [new FieldMonitor(traces)] : [];
}

/** A condition on a field that is absent has no value, unless it does not read the field. */
export function namedFieldsOf(expectation: Expectation): readonly NamedField[] {
  if ('condition' in expectation) return expectation.condition.namedFields;
  // Any other pattern must match, which it does not with a misspelt field.
  const where = expectation.type === 'no event' ? expectation.event.where : undefined;
  return where?.namedFields ?? [];
}

/** Must come before the monitors whose reads it notes. */
export class FieldMonitor implements Monitor<FieldReads> {
  readonly name = 'fields';
  readonly isNote = true;

  constructor(private readonly traces: boolean) {}

  start(): FieldReads {
    return { isTracing: false, kinds: {}, fields: {}, shapes: {}, misses: [] };
  }

  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    memory: FieldReads,
  ): undefined {
    if (action === null) for (const { state } of world.nodes) noteFields(memory, 'state', state);
    const acted: Slot | undefined = world.nodes[effects.acted];
    if (acted) noteFields(memory, 'state', acted.state);
    if (this.traces) noteStep(memory, effects);
    memory.isTracing = this.traces && isSampled(world, action, effects, memory);
    if (memory.isTracing) for (const slot of acted ? [acted] : world.nodes) look(slot, memory);
  }
}

function noteFields({ fields }: FieldReads, of: Noted, object: object): void {
  const known = (fields[of] ??= {});
  for (const field in object) if (known[field] !== true) known[field] = true;
}

function noteStep(memory: FieldReads, { events, message, replies }: Effects): void {
  for (const event of events) noteFields(memory, `event ${event.name}`, event.fields);
  if (message !== null) noteFields(memory, 'body', message.body);
  for (const { result } of replies) {
    if (typeof result === 'object' && result !== null) noteFields(memory, 'result', result);
  }
}

export function memoryField({ kind, name }: Reader): Noted {
  return `memory ${kind} ${name}`;
}

/** Steps of a kind, and with an event, are traced ever less often: the 1st, 2nd, 4th, 8th, … */
function isSampled(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  { kinds }: FieldReads,
): boolean {
  if (world.step < allTracedSteps) return true;
  const handler = action === null ? 'start' : `${action.type} ${handlerName(action, effects).name}`;
  let isRare = false;
  for (const kind of [handler, ...effects.events.map(({ name }) => name)]) {
    const count = (kinds[kind] = (kinds[kind] ?? 0) + 1);
    isRare ||= (count & (count - 1)) === 0;
  }
  return isRare;
}

/** Runs `look` only for what it reads: what it returns or throws is reported where it is shown. */
function look({ cast, state }: Slot, memory: FieldReads): void {
  const { role, roleName, identity } = cast;
  if (role.look === undefined) return;
  const traced = tracedState(state, notes(memory, { kind: 'look', name: roleName }));
  try {
    const { log } = role.look(traced, identity);
    if (log && log.last >= log.first) log.entry(log.last);
  } catch {
    // A node that is shown has the same error.
  }
}

/** It is the first monitor of a run, if the run has it. */
export function readsOf({ monitors, memories }: World): FieldReads | undefined {
  return monitors[0] instanceof FieldMonitor ? (memories[0] as FieldReads) : undefined;
}

/** An observation that notes what is read of it, if reads are noted in this step. */
export function tracedObservation(
  observation: Observation<unknown>,
  world: World,
  reader: Reader,
): Observation<unknown> {
  const memory = readsOf(world);
  if (memory === undefined || !memory.isTracing) return observation;
  const own = observation.memory;
  if (typeof own === 'object' && own !== null) noteFields(memory, memoryField(reader), own);
  return traced(observation, notes(memory, reader));
}

/** Whether these are the keys of an object, in their order. A list of its keys would cost more. */
function hasKeys(object: object, keys: readonly string[]): boolean {
  let count = 0;
  for (const key in object) {
    if (Object.hasOwn(object, key) && keys[count++] !== key) return false;
  }
  return count === keys.length;
}

function notes(memory: FieldReads, reader: Reader): ReadNotes {
  const { misses } = memory;
  const note = (field: string, paths: readonly string[], scalar?: Scalar, of?: string): void => {
    const isKnown = misses.some(
      (one) =>
        one.field === field && one.name === reader.name && one.kind === reader.kind
        && one.scalar === scalar && one.of === of && one.paths.join() === paths.join(),
    );
    if (isKnown || misses.length >= missesMax || field in Object.prototype) return;
    const value = { ...(scalar && { scalar }), ...(of !== undefined && { of }) };
    misses.push({ ...reader, paths, field, ...value, stack: callStack() });
  };
  return {
    missed: (paths, field) => note(field, paths),
    missedOn: (scalar, of, field) => note(field, [], scalar, of),
    visited(path, object) {
      const shape: Shape | undefined = memory.shapes[path];
      if (shape?.varies || (shape === undefined && !/[.[]/.test(path))) return;
      if (shape !== undefined) shape.varies = !hasKeys(object, shape.keys);
      else {
        const keys = Object.keys(object);
        memory.shapes[path] = { keys, varies: keys.length === 0 };
      }
    },
  };
}
