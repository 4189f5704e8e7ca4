/** Finds fields that invariants, derived events and `look` read, but that no node ever had. */
// Reads are noted in the first steps of a run and then in ever fewer steps of each kind, because
// the views that note them cost as much as the rest of a step. The fields that nodes have are noted
// in every step. Only a name that is written in the code can be misspelt: the key of a record, as
// in `votes[node.id]`, comes from the run.
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, Slot, World } from '../kernel/world.ts';
import { callStack } from '../kernel/effects.ts';
import { type Code, workspaceCode } from '../code/code.ts';
import { sourceCalls } from '../code/call-stack.ts';
import type { Observation, Observed } from '../protocol/types.ts';
import { handlerName } from '../scenario/handler-name.ts';
import { firstFields } from '../scenario/conditions/field-check.ts';
import type { Expectation, Scenario } from '../scenario/scenario.ts';
import type { Place } from '../scenario/verdict.ts';
import { ofNode, ofState, tracedNode, tracedState } from '../code/limits/traced-nodes.ts';

/** What reads: an invariant, a derived event, or `look` of a role. */
export interface Reader {
  readonly kind: 'invariant' | 'derived event' | 'look';
  readonly name: string;
}

interface Miss extends Reader {
  readonly path: string;
  readonly field: string;
  /** The call stack of the first read. */
  readonly stack: string;
}

/** The keys that were read of the objects at a path below a state. */
interface Shape {
  keys: string[];
  /** Whether two of them had different keys: it is a record, or it has optional fields. */
  varies: boolean;
}

interface Memory {
  /** Whether reads are noted in this step. */
  isTracing: boolean;
  /** How many steps of each kind there were. */
  kinds: Record<string, number>;
  /** The fields that the state of any node ever had. */
  fields: Record<string, true>;
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
  const isNeeded = traces || expect.some((one) => testedFieldsOf(one).length > 0);
  return isNeeded ? [new FieldMonitor(traces)] : [];
}

/** A condition on a field that is absent has no value, unless it asks whether it is present. */
function testedFieldsOf(expectation: Expectation): readonly string[] {
  return 'condition' in expectation ? expectation.condition.testedFields : [];
}

/** The first field whose presence an expectation tests, and that no node of the run had. */
export function misspeltTest(expectation: Expectation, world: World): string | undefined {
  const memory = memoryOf(world);
  if (memory === undefined) return undefined;
  const code = workspaceCode(world.plan.setup.protocol);
  return testedFieldsOf(expectation).find(
    (field) => isNeverInState(field, memory, world) && !(code && isOptional(field, code)),
  );
}

/** Must come before the monitors whose reads it notes. */
export class FieldMonitor implements Monitor<Memory> {
  readonly name = 'fields';
  readonly isNote = true;

  constructor(private readonly traces: boolean) {}

  start(): Memory {
    return { isTracing: false, kinds: {}, fields: {}, shapes: {}, misses: [] };
  }

  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    memory: Memory,
  ): undefined {
    if (action === null) for (const { state } of world.nodes) noteFields(memory, state);
    const acted: Slot | undefined = world.nodes[effects.acted];
    if (acted) noteFields(memory, acted.state);
    memory.isTracing = this.traces && isSampled(world, action, effects, memory);
    if (memory.isTracing) for (const slot of acted ? [acted] : world.nodes) look(slot, memory);
  }
}

function noteFields({ fields }: Memory, state: object): void {
  for (const field in state) if (fields[field] !== true) fields[field] = true;
}

/** Steps of a kind, and with an event, are traced ever less often: the 1st, 2nd, 4th, 8th, … */
function isSampled(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  { kinds }: Memory,
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
function look({ cast, state }: Slot, memory: Memory): void {
  const { role, roleName } = cast;
  if (role.look === undefined) return;
  const [missed, visited] = notes(memory, { kind: 'look', name: roleName });
  try {
    role.look(tracedState(state, missed, visited));
  } catch {
    // A node that is shown has the same error.
  }
}

/** It is the first monitor of a run, if the run has it. */
function memoryOf({ monitors, memories }: World): Memory | undefined {
  return monitors[0] instanceof FieldMonitor ? (memories[0] as Memory) : undefined;
}

/** The observation with nodes that note what is read, if reads are noted in this step. */
export function tracedObservation(
  observation: Observation<unknown>,
  world: World,
  reader: Reader,
): Observation<unknown> {
  const memory = memoryOf(world);
  if (memory === undefined || !memory.isTracing) return observation;
  const [missed, visited] = notes(memory, reader);
  const nodes = observation.nodes.map((node) => tracedNode(node, missed, visited));
  const acted: Observed | undefined =
    observation.acted && nodes[observation.nodes.indexOf(observation.acted)];
  return { ...observation, nodes, acted };
}

function notes(memory: Memory, reader: Reader) {
  const { misses } = memory;
  const missed = (path: string, field: string): void => {
    const isKnown = misses.some(
      (one) =>
        one.field === field && one.path === path && one.name === reader.name
        && one.kind === reader.kind,
    );
    if (isKnown || misses.length >= missesMax || field in Object.prototype) return;
    misses.push({ ...reader, path, field, stack: callStack() });
  };
  const visited = (path: string, object: object): void => {
    if (path === ofState) return;
    const keys = Object.keys(object);
    const shape = memory.shapes[path];
    if (shape === undefined) memory.shapes[path] = { keys, varies: keys.length === 0 };
    else if (!shape.varies) shape.varies = shape.keys.join() !== keys.join();
  };
  return [missed, visited] as const;
}

export interface MisspeltField extends Reader {
  readonly field: string;
  readonly place: Place;
}

/** The fields that were read in the run so far, and that no node had. */
export function misspeltFields(world: World): MisspeltField[] {
  const memory = memoryOf(world);
  const code = workspaceCode(world.plan.setup.protocol);
  if (memory === undefined || code === undefined) return [];
  return memory.misses.flatMap((miss) => {
    const { kind, name, field } = miss;
    const [call] = sourceCalls(code, miss.stack);
    if (call === undefined || !isMisspelt(miss, memory, world, code)) return [];
    const { file, line, column } = call;
    if (!lineOf(code, file, line).match(wordOf(field))) return [];
    return [{ kind, name, field, place: { file, line, column } }];
  });
}

function lineOf(code: Code, file: string, line: number): string {
  return code.files.get(file)?.split('\n')[line - 1] ?? '';
}

function isMisspelt({ path, field }: Miss, memory: Memory, world: World, code: Code): boolean {
  if (path === ofNode) return true;
  if (isOptional(field, code)) return false;
  if (path === ofState) return isNeverInState(field, memory, world);
  const shape = memory.shapes[path];
  const isRecord = shape !== undefined && (shape.varies || shape.keys.includes(field));
  return !isRecord && !isWritten(code, `${wordOf(field).source}\\s*:`);
}

/** Whether the code declares or sets a field that the run did not set. */
function isOptional(field: string, code: Code): boolean {
  const word = wordOf(field).source;
  return isWritten(code, `\\.${word}\\s*=[^=>]`, `${word}\\?\\s*:`);
}

function isWritten({ files }: Code, ...forms: string[]): boolean {
  return [...files.values()].some((text) => forms.some((form) => new RegExp(form).test(text)));
}

function isNeverInState(field: string, { fields }: Memory, world: World): boolean {
  return fields[field] !== true && !isOfAbsentRole(field, world);
}

function wordOf(field: string): RegExp {
  return new RegExp(`(?<![\\w$])${field.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`);
}

/** Whether nodes of a role that this scenario does not use would have the field. */
function isOfAbsentRole(field: string, { plan }: World): boolean {
  const present = new Set(plan.cast.map(({ roleName }) => roleName));
  const { protocol } = plan.setup;
  return Object.keys(protocol.roles).some(
    (role) => !present.has(role) && firstFields(protocol, role, role).includes(field),
  );
}
