/** Checks the parts of a protocol: what is missing, misspelt, or of the wrong type. */
import { shown } from '../../kernel/data/shown.ts';
import type { OptionSpec, ParameterKind } from '../../protocol/types.ts';
import { didYouMean, oneOf } from '../../scenario/suggest.ts';
import type { CodeFaultCode } from '../code-fault.ts';

export interface ShapeProblem {
  readonly code: Extract<
    CodeFaultCode,
    | 'class-instance'
    | 'unknown-property'
    | 'missing-property'
    | 'wrong-type'
    | 'unknown-name'
    | 'renamed'
  >;
  /** The properties that lead to the part that is wrong, or to the one that lacks something. */
  readonly path: readonly string[];
  readonly message: string;
}

type Problems = Generator<ShapeProblem>;
type Part = Readonly<Record<string, unknown>>;
type Path = readonly string[];

const parts = {
  protocol: (
    'name doc source events roles defaultRole derivedEvents invariants refuses units'
  ).split(' '),
  role: (
    'doc options init durable sync start messages timers background operations look summary'
  ).split(' '),
  option: 'kind default doc choices min max'.split(' '),
  operation: 'doc parameters run'.split(' '),
  invariant: 'doc remember check'.split(' '),
  'derived event': 'remember look summary'.split(' '),
  summary: 'messages events'.split(' '),
};
const optionKinds: readonly OptionSpec['kind'][] = [
  'duration', 'range', 'integer', 'boolean', 'choice',
];
const parameterKinds: readonly ParameterKind[] = [
  'string', 'value', 'integer', 'duration', 'boolean', 'node',
];
const anObject = 'an object, which may be empty';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All problems, a cause before its consequences. */
export function* protocolProblems(protocol: Part): Problems {
  if (!isPlain(protocol)) {
    const message = `it is an instance of a class: write \`defineProtocol({ … })\``;
    yield { code: 'class-instance', path: [], message };
  }
  yield* unknownParts(protocol, 'protocol', []);
  const { name, events, roles, defaultRole, invariants, derivedEvents = {} } = protocol;
  if (typeof name !== 'string' || name.trim() === '') {
    const message = `\`name\` must be a string, such as the name of the file${notThis(name)}`;
    yield { code: codeFor(name), path: ['name'], message };
  }
  yield* objectProblem(protocol, 'events', []);
  for (const [event, doc] of Object.entries(isRecord(events) ? events : {})) {
    const message = `the event ${event} must have a string that describes it${notThis(doc)}`;
    if (typeof doc !== 'string') yield { code: 'wrong-type', path: ['events', event], message };
  }
  const all = isPlain(roles) ? roles : {};
  if (Object.keys(all).length === 0) {
    const message = '`roles` must be an object with at least one role: { name: role({ … }) }';
    yield { code: codeFor(roles), path: ['roles'], message };
  }
  for (const [role, one] of Object.entries(all)) {
    for (const problem of roleProblems(one, ['roles', role])) {
      yield { ...problem, message: `role ${role}: ${problem.message}` };
    }
  }
  if (defaultRole !== undefined && !Object.hasOwn(all, defaultRole as string)) {
    const hint = hintFor(defaultRole, Object.keys(all));
    const message = `\`defaultRole\`: ${shown(defaultRole, 60)} is not a role: ${hint}`;
    yield { code: 'unknown-name', path: ['defaultRole'], message };
  }
  yield* objectProblem(protocol, 'invariants', []);
  yield* propertyProblems(invariants, 'invariant', 'check', ['invariants']);
  if (!isRecord(derivedEvents)) {
    const message = `\`derivedEvents\` must be ${anObject}`;
    yield { code: 'wrong-type', path: ['derivedEvents'], message };
  }
  yield* propertyProblems(derivedEvents, 'derived event', 'look', ['derivedEvents']);
  const derived = isRecord(derivedEvents) && isRecord(events) ? Object.keys(derivedEvents) : [];
  for (const event of derived) {
    if (Object.hasOwn(events as object, event)) continue;
    const hint = hintFor(event, Object.keys(events!));
    const message = `the derived event ${event} is not in \`events\`: ${hint}`;
    yield { code: 'unknown-name', path: ['derivedEvents', event], message };
  }
  yield* functionProblem(protocol, 'refuses', []);
  yield* summaryProblems(all, isRecord(events) ? Object.keys(events) : []);
  yield* unitProblems(protocol.units);
}

const units = ['microseconds', 'milliseconds', 'seconds', 'none'];

function* unitProblems(given: unknown): Problems {
  if (given === undefined) return;
  if (!isPlain(given)) {
    const message = "`units` must be an object, such as { ttl: 'seconds' }";
    return yield { code: 'wrong-type', path: ['units'], message };
  }
  for (const [field, unit] of Object.entries(given)) {
    if (units.includes(unit as string)) continue;
    const message = `\`units\`: ${shown(unit, 60)} is not a unit: ${hintFor(unit, units)}`;
    yield { code: 'unknown-name', path: ['units', field], message };
  }
}

/** The summaries of each role. Only messages that a role handles are known by name. */
function* summaryProblems(roles: Part, events: readonly string[]): Problems {
  const messages = Object.values(roles).flatMap((role) => {
    const handled = isRecord(role) ? role.messages : undefined;
    return isRecord(handled) ? Object.keys(handled) : [];
  });
  const known: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    messages: ['message', messages],
    events: ['event', events],
  };
  for (const [role, one] of Object.entries(roles)) {
    const summary = isRecord(one) ? one.summary : undefined;
    if (summary === undefined) continue;
    const path = ['roles', role, 'summary'];
    if (!isPlain(summary)) {
      const what = 'an object with `messages` and `events`';
      const message = `role ${role}: \`summary\` must be ${what}`;
      yield { code: 'wrong-type', path, message };
      continue;
    }
    yield* unknownParts(summary, 'summary', path);
    for (const [part, [kind, names]] of Object.entries(known)) {
      if (summary[part] === undefined) continue;
      yield* objectProblem(summary, part, path);
      for (const [name, words] of Object.entries(isRecord(summary[part]) ? summary[part] : {})) {
        const own = [...path, part, name];
        const of = `role ${role}: the summary of ${name}`;
        if (typeof words !== 'function') {
          yield { code: 'wrong-type', path: own, message: `${of} is not a function` };
        } else if (!names.includes(name)) {
          const message = `${of}: there is no such ${kind}: ${hintFor(name, names)}`;
          yield { code: 'unknown-name', path: own, message };
        }
      }
    }
  }
}

function* roleProblems(role: unknown, path: Path): Problems {
  if (!isPlain(role)) {
    const [code, what] = isRecord(role)
      ? (['class-instance', 'it is an instance of a class'] as const)
      : (['wrong-type', 'it is not a role'] as const);
    return yield { code, path, message: `${what}: write \`role({ … })\`` };
  }
  yield* unknownParts(role, 'role', path);
  if (role.init === undefined) {
    const message = '`init` is missing: write a function that returns the first state';
    return yield { code: 'missing-property', path, message };
  }
  for (const name of ['init', 'start', 'look']) yield* functionProblem(role, name, path);
  for (const part of ['messages', 'timers']) {
    yield* objectProblem(role, part, path);
    for (const [name, handler] of Object.entries(isRecord(role[part]) ? role[part] : {})) {
      if (typeof handler === 'function') continue;
      const message = `the handler of ${name} is not a function`;
      yield { code: 'wrong-type', path: [...path, part, name], message };
    }
  }
  yield* namesProblem(role, 'background', Object.keys(role.timers ?? {}), 'timer', path);
  yield* namesProblem(role, 'durable', fieldsOf(role), 'field that `init` returns', path);
  if (role.sync !== undefined && role.sync !== 'always' && role.sync !== 'manual') {
    const message = `\`sync\` must be 'always' or 'manual'${notThis(role.sync)}`;
    yield { code: 'wrong-type', path: [...path, 'sync'], message };
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
    const message = `the operation ${name} has no function \`run\``;
    return yield { code: 'missing-property', path, message };
  }
  yield* unknownParts(operation, 'operation', path);
  for (const problem of objectProblem(operation, 'parameters', path)) {
    yield { ...problem, message: `the operation ${name}: ${problem.message}` };
  }
  const given = isRecord(operation.parameters) ? operation.parameters : {};
  for (const [parameter, kind] of Object.entries(given)) {
    if (parameterKinds.some((one) => kind === one || kind === `${one}?`)) continue;
    const isOldName = kind === 'text' || kind === 'text?';
    const problem = isOldName
      ? renamed(kind, kind.replace('text', 'string'))
      : kindProblem(kind, parameterKinds);
    const message = `the parameter ${parameter} of ${name}: ${problem}`;
    const code = isOldName ? 'renamed' : 'unknown-name';
    yield { code, path: [...path, 'parameters', parameter], message };
  }
}

function* optionProblems(option: unknown, name: string, path: Path): Problems {
  if (!isRecord(option)) {
    const how = "such as { kind: 'integer', default: 1, doc: 'How many.' }";
    const message = `the option ${name} must be an object, ${how}`;
    return yield { code: 'wrong-type', path, message };
  }
  yield* unknownParts(option, 'option', path);
  const kind = option.kind as OptionSpec['kind'];
  if (!optionKinds.includes(kind)) {
    const message = `the option ${name}: ${kindProblem(kind, optionKinds)}`;
    const code = kind === undefined ? 'missing-property' : 'unknown-name';
    return yield { code, path: [...path, 'kind'], message };
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
    integer: [isWhole(option.default), 'an integer'],
    boolean: [typeof option.default === 'boolean', 'true or false'],
    choice: [choices.includes(option.default), 'one of its `choices`, an array of strings'],
  };
  const [isFit, what] = fits[kind];
  const found = notThis(option.default);
  const message = `the \`default\` of the option ${name} must be ${what}${found}`;
  if (!isFit) yield { code: codeFor(option.default), path: [...path, 'default'], message };
  for (const limit of ['min', 'max']) {
    const value = option[limit];
    const isLimited = kind === 'duration' || kind === 'range' || kind === 'integer';
    if (value === undefined || (isLimited && isWhole(value))) continue;
    const must = isLimited ? `must be a whole number${notThis(value)}` : `has no use for a ${kind}`;
    const wrong = `the \`${limit}\` of the option ${name} ${must}`;
    yield { code: 'wrong-type', path: [...path, limit], message: wrong };
  }
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
      const message = `the ${kind} ${name} has no function \`${main}\``;
      yield { code: 'missing-property', path: own, message };
      continue;
    }
    yield* unknownParts(one, kind, own);
    yield* functionProblem(one, 'remember', own);
    if (kind === 'derived event') yield* functionProblem(one, 'summary', own);
  }
}

function* unknownParts(part: Part, kind: keyof typeof parts, path: Path): Problems {
  for (const name of Object.keys(part)) {
    if (parts[kind].includes(name) || part[name] === undefined) continue;
    if (kind === 'protocol' && name === 'facts') {
      yield { code: 'renamed', path: [...path, name], message: renamed(name, 'derivedEvents') };
      continue;
    }
    const article = /^[aeio]/.test(kind) ? 'an' : 'a';
    const message = `${article} ${kind} has no property \`${name}\`: ${hintFor(name, parts[kind])}`;
    yield { code: 'unknown-property', path: [...path, name], message };
  }
}

function* objectProblem(part: Part, name: string, path: Path): Problems {
  if (part[name] === undefined) {
    const message = `\`${name}\` is missing: write ${anObject}`;
    yield { code: 'missing-property', path, message };
  } else if (!isPlain(part[name])) {
    const message = `\`${name}\` must be ${anObject}`;
    yield { code: 'wrong-type', path: [...path, name], message };
  }
}

function* functionProblem(part: Part, name: string, path: Path): Problems {
  const isFit = part[name] === undefined || typeof part[name] === 'function';
  const message = `\`${name}\` is not a function`;
  if (!isFit) yield { code: 'wrong-type', path: [...path, name], message };
}

/** An array of names must contain only known ones. */
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
    const message = `\`${name}\` must be an array of names, such as ['a', 'b']`;
    return yield { code: 'wrong-type', path: own, message };
  }
  for (const one of given) {
    if (known === undefined || known.includes(one as string)) continue;
    const message = `\`${name}\`: ${shown(one, 60)} is not a ${what}: ${hintFor(one, known)}`;
    yield { code: 'unknown-name', path: own, message };
  }
}

/** The fields of the first state; undefined if `init` needs more than the default options. */
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

/** The value that was found instead; empty if there is none. */
function notThis(value: unknown): string {
  return value === undefined ? '' : `, not ${shown(value, 60)}`;
}

function codeFor(value: unknown): 'missing-property' | 'wrong-type' {
  return value === undefined ? 'missing-property' : 'wrong-type';
}

function hintFor(found: unknown, known: readonly string[]): string {
  const hint = typeof found === 'string' ? didYouMean(found, known) : undefined;
  return hint ?? (known.length === 0 ? 'there are none' : `write ${oneOf(known)}`);
}

/** The message about a name that an earlier version had. */
function renamed(name: string, newName: string): string {
  return `\`${name}\` is now called \`${newName}\`: rename it`;
}

function kindProblem(kind: unknown, known: readonly string[]): string {
  const found = kind === undefined ? 'its kind is missing' : `${shown(kind, 60)} is not a kind`;
  return `${found}: ${hintFor(kind, known)}`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
