/** What the parts of a protocol must be: what is missing, misspelt, or of another kind. */
import type { OptionSpec, ParameterKind } from '../../protocol/types.ts';
import { didYouMean, oneOf } from '../../scenario/suggest.ts';

/** `path` leads from the protocol to the part that is wrong, or that lacks something. */
export interface ShapeProblem {
  readonly path: readonly string[];
  readonly message: string;
}

type Problems = Generator<ShapeProblem>;
type Part = Readonly<Record<string, unknown>>;
type Path = readonly string[];

const parts = {
  protocol: 'name doc source events roles defaultRole derivedEvents invariants refuses'.split(' '),
  role: (
    'doc options init durable sync start messages timers background operations look'
  ).split(' '),
  option: 'kind default doc choices'.split(' '),
  operation: 'doc parameters run'.split(' '),
  invariant: 'doc remember check'.split(' '),
  'derived event': 'remember look'.split(' '),
};
const optionKinds: readonly OptionSpec['kind'][] = [
  'duration', 'range', 'integer', 'boolean', 'choice',
];
const parameterKinds: readonly ParameterKind[] = [
  'string', 'value', 'integer', 'duration', 'boolean', 'node',
];
const anObject = 'an object, empty where there are none';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first is what the others may follow from. */
export function* protocolProblems(protocol: Part): Problems {
  if (!isPlain(protocol)) {
    yield { path: [], message: 'it is made by a class: write `defineProtocol({ … })`' };
  }
  yield* unknownParts(protocol, 'protocol', []);
  const { name, events, roles, defaultRole, invariants, derivedEvents = {} } = protocol;
  if (typeof name !== 'string' || name.trim() === '') {
    yield { path: ['name'], message: '`name` is to be a text, such as that of its file' };
  }
  yield* objectProblem(protocol, 'events', []);
  for (const [event, doc] of Object.entries(isRecord(events) ? events : {})) {
    const message = `the event ${event} is to have a text that says what it is`;
    if (typeof doc !== 'string') yield { path: ['events', event], message };
  }
  const all = isPlain(roles) ? roles : {};
  if (Object.keys(all).length === 0) {
    const message = '`roles` is to be an object with a role at least: { name: role({ … }) }';
    yield { path: ['roles'], message };
  }
  for (const [role, one] of Object.entries(all)) {
    for (const { path, message } of roleProblems(one, ['roles', role])) {
      yield { path, message: `role ${role}: ${message}` };
    }
  }
  if (defaultRole !== undefined && !Object.hasOwn(all, defaultRole as string)) {
    const hint = hintFor(defaultRole, Object.keys(all));
    yield { path: ['defaultRole'], message: `\`defaultRole\` names no role: ${hint}` };
  }
  yield* objectProblem(protocol, 'invariants', []);
  yield* propertyProblems(invariants, 'invariant', 'check', ['invariants']);
  if (!isRecord(derivedEvents)) {
    yield { path: ['derivedEvents'], message: `\`derivedEvents\` must be ${anObject}` };
  }
  yield* propertyProblems(derivedEvents, 'derived event', 'look', ['derivedEvents']);
  const derived = isRecord(derivedEvents) && isRecord(events) ? Object.keys(derivedEvents) : [];
  for (const name of derived) {
    const message = `the derived event ${name} is not in \`events\`: describe it there`;
    if (!Object.hasOwn(events as object, name)) yield { path: ['derivedEvents', name], message };
  }
  yield* functionProblem(protocol, 'refuses', []);
}

function* roleProblems(role: unknown, path: Path): Problems {
  if (!isPlain(role)) {
    const what = isRecord(role) ? 'it is made by a class' : 'it is no role';
    return yield { path, message: `${what}: write \`role({ … })\`` };
  }
  yield* unknownParts(role, 'role', path);
  if (role.init === undefined) {
    return yield { path, message: '`init` is missing, which makes the first state' };
  }
  for (const name of ['init', 'start', 'look']) yield* functionProblem(role, name, path);
  for (const part of ['messages', 'timers']) {
    yield* objectProblem(role, part, path);
    for (const [name, handler] of Object.entries(isRecord(role[part]) ? role[part] : {})) {
      const message = `the handler of ${name} is no function`;
      if (typeof handler !== 'function') yield { path: [...path, part, name], message };
    }
  }
  yield* namesProblem(role, 'background', Object.keys(role.timers ?? {}), 'timer', path);
  yield* namesProblem(role, 'durable', fieldsOf(role), 'field that `init` makes', path);
  if (role.sync !== undefined && role.sync !== 'always' && role.sync !== 'manual') {
    yield { path: [...path, 'sync'], message: "`sync` is to be 'always' or 'manual'" };
  }
  for (const part of ['options', 'operations']) {
    if (role[part] !== undefined) yield* objectProblem(role, part, path);
  }
  for (const [name, one] of Object.entries(isRecord(role.options) ? role.options : {})) {
    yield* optionProblems(one, name, [...path, 'options', name]);
  }
  for (const [name, one] of Object.entries(isRecord(role.operations) ? role.operations : {})) {
    yield* operationProblems(one, name, [...path, 'operations', name]);
  }
}

function* operationProblems(operation: unknown, name: string, path: Path): Problems {
  if (!isPlain(operation) || typeof operation.run !== 'function') {
    return yield { path, message: `the operation ${name} has no \`run\`` };
  }
  yield* unknownParts(operation, 'operation', path);
  for (const { path: own, message } of objectProblem(operation, 'parameters', path)) {
    yield { path: own, message: `the operation ${name}: ${message}` };
  }
  const given = isRecord(operation.parameters) ? operation.parameters : {};
  for (const [parameter, kind] of Object.entries(given)) {
    if (parameterKinds.some((one) => kind === one || kind === `${one}?`)) continue;
    const isOldName = kind === 'text' || kind === 'text?';
    const problem = isOldName
      ? renamed(kind, kind.replace('text', 'string'))
      : kindProblem(kind, parameterKinds);
    const message = `the parameter ${parameter} of ${name}: ${problem}`;
    yield { path: [...path, 'parameters', parameter], message };
  }
}

function* optionProblems(option: unknown, name: string, path: Path): Problems {
  if (!isRecord(option)) {
    const how = "such as { kind: 'integer', default: 1, doc: 'How many.' }";
    return yield { path, message: `the option ${name} is to be an object, ${how}` };
  }
  yield* unknownParts(option, 'option', path);
  const kind = option.kind as OptionSpec['kind'];
  if (!optionKinds.includes(kind)) {
    const message = `the option ${name}: ${kindProblem(kind, optionKinds)}`;
    return yield { path: [...path, 'kind'], message };
  }
  const choices = Array.isArray(option.choices) ? (option.choices as unknown[]) : [];
  const isWhole = (value: unknown) => Number.isInteger(value);
  const range = option.default as unknown[];
  const fits: Record<OptionSpec['kind'], [boolean, string]> = {
    duration: [isWhole(option.default), 'a duration, such as milliseconds(5)'],
    range: [
      Array.isArray(range) && range.length === 2 && range.every(isWhole),
      'two durations, such as [milliseconds(5), milliseconds(9)]',
    ],
    integer: [isWhole(option.default), 'a whole number'],
    boolean: [typeof option.default === 'boolean', 'true or false'],
    choice: [choices.includes(option.default), 'one of its `choices`, a list of texts'],
  };
  const [isFit, what] = fits[kind];
  const message = `the \`default\` of the option ${name} is to be ${what}`;
  if (!isFit) yield { path: [...path, 'default'], message };
}

function* propertyProblems(
  all: unknown,
  kind: 'invariant' | 'derived event',
  main: string,
  path: Path,
): Problems {
  for (const [name, one] of Object.entries(isRecord(all) ? all : {})) {
    const own = [...path, name];
    if (!isPlain(one) || typeof one[main] !== 'function') {
      yield { path: own, message: `the ${kind} ${name} has no \`${main}\`` };
      continue;
    }
    yield* unknownParts(one, kind, own);
    yield* functionProblem(one, 'remember', own);
  }
}

function* unknownParts(part: Part, kind: keyof typeof parts, path: Path): Problems {
  for (const name of Object.keys(part)) {
    if (parts[kind].includes(name) || part[name] === undefined) continue;
    if (kind === 'protocol' && name === 'facts') {
      yield { path: [...path, name], message: renamed(name, 'derivedEvents') };
      continue;
    }
    const article = /^[aeio]/.test(kind) ? 'an' : 'a';
    const message = `${article} ${kind} has no \`${name}\`: ${hintFor(name, parts[kind])}`;
    yield { path: [...path, name], message };
  }
}

function* objectProblem(part: Part, name: string, path: Path): Problems {
  if (part[name] === undefined) {
    yield { path, message: `\`${name}\` is missing: ${anObject}` };
  } else if (!isPlain(part[name])) {
    yield { path: [...path, name], message: `\`${name}\` is to be ${anObject}` };
  }
}

function* functionProblem(part: Part, name: string, path: Path): Problems {
  const isFit = part[name] === undefined || typeof part[name] === 'function';
  if (!isFit) yield { path: [...path, name], message: `\`${name}\` is no function` };
}

/** A list of names, each of which must be known. */
function* namesProblem(
  part: Part,
  name: string,
  known: readonly string[] | undefined,
  what: string,
  path: Path,
): Problems {
  const given = part[name] as unknown[] | undefined;
  if (given === undefined) return;
  const own = [...path, name];
  if (!Array.isArray(given) || given.some((one) => typeof one !== 'string')) {
    return yield { path: own, message: `\`${name}\` is to be a list of names, such as ['a', 'b']` };
  }
  for (const one of given) {
    if (known === undefined || known.includes(one as string)) continue;
    const message = `\`${name}\`: ${String(one)} is no ${what}: ${hintFor(one, known)}`;
    yield { path: own, message };
  }
}

/** The fields of the first state, where its making asks for no more than options. */
function fieldsOf({ init, options, durable }: Part): string[] | undefined {
  if (durable === undefined || typeof init !== 'function') return undefined;
  try {
    const defaults = Object.entries((options ?? {}) as Record<string, OptionSpec>).map(
      ([name, spec]) => [name, spec.default],
    );
    return Object.keys(init({ id: 'n1', options: Object.fromEntries(defaults) }));
  } catch {
    return undefined;
  }
}

function hintFor(found: unknown, known: readonly string[]): string {
  const hint = typeof found === 'string' ? didYouMean(found, known) : undefined;
  return hint ?? (known.length === 0 ? 'there is none' : `there is ${oneOf(known)}`);
}

/** The message about a name that an earlier version had. */
function renamed(name: string, newName: string): string {
  return `\`${name}\` is now called \`${newName}\`: rename it`;
}

function kindProblem(kind: unknown, known: readonly string[]): string {
  const found = kind === undefined ? 'its kind is missing' : `\`${String(kind)}\` is no kind`;
  return `${found}: ${hintFor(kind, known)}`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
