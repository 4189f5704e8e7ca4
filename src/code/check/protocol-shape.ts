/** Checks the parts of a protocol: what is missing, misspelt, or of the wrong type. */
import { shown } from '../../kernel/data/shown.ts';
import type { ItemKind, ListOption, OptionSpec, ParameterKind } from '../../protocol/values.ts';
import {
  anObject, functionProblem, isPlain, isRecord, objectProblem, type Part, type Path, type Problems,
  type ShapeProblem, unknownParts,
} from './shape-parts.ts';
import { connectionProblems, pairProblems } from './connection-shape.ts';
import { hintFor, kindProblem, notThis, renamed } from './shape-words.ts';
import { specificationProblems, transactionsProblems } from './specification-shape.ts';
import { standingsProblems } from './standings-shape.ts';
import { summaryProblems, unitProblems } from './summary-shape.ts';

const optionKinds: readonly OptionSpec['kind'][] = [
  'duration', 'range', 'integer', 'number', 'boolean', 'string', 'choice', 'node', 'list',
];
const itemKinds: readonly ListOption['of'][] = [
  'duration', 'integer', 'number', 'boolean', 'string', 'node',
];
const argumentKinds: readonly ItemKind[] = [
  'string', 'value', 'integer', 'duration', 'boolean', 'node',
];
const parameterKinds = argumentKinds.flatMap((kind): ParameterKind[] => [kind, `${kind}[]`]);

/** All problems, also those that follow from others. */
export function* partProblems(protocol: Part): Problems {
  if (!isPlain(protocol)) {
    const message = `it is an instance of a class: write \`defineProtocol({ … })\``;
    yield { code: 'class-instance', path: [], message };
  }
  yield* unknownParts(protocol, 'protocol', []);
  const { name, events, roles, defaultRole, invariants, derivedEvents = {} } = protocol;
  if (typeof name !== 'string' || name.trim() === '') {
    const message = `\`name\` must be a string, such as the name of the file${notThis(name)}`;
    yield { ...missingOr(name, ['name']), message };
  }
  yield* objectProblem(protocol, 'events', []);
  for (const [event, doc] of Object.entries(isRecord(events) ? events : {})) {
    const message = `the event ${event} must have a string that describes it${notThis(doc)}`;
    if (typeof doc !== 'string') yield { code: 'wrong-type', path: ['events', event], message };
  }
  const all = isPlain(roles) ? roles : {};
  if (Object.keys(all).length === 0) {
    const message = '`roles` must be an object with at least one role: { name: role({ … }) }';
    yield { ...missingOr(roles, ['roles']), message };
  }
  for (const [role, one] of Object.entries(all)) {
    for (const problem of roleProblems(one, Object.keys(all), ['roles', role])) {
      yield { ...problem, message: `role ${role}: ${problem.message}` };
    }
  }
  const hasRoles = Object.keys(all).length > 0;
  if (hasRoles && defaultRole !== undefined && !Object.hasOwn(all, defaultRole as string)) {
    const hint = hintFor(defaultRole, Object.keys(all));
    const message = `\`defaultRole\`: ${shown(defaultRole, 60)} is not a role: ${hint}`;
    yield { code: 'unknown-name', path: ['defaultRole'], message };
  }
  yield* pairProblems(protocol, all);
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
  yield* functionProblem(protocol, 'isHeartbeat', []);
  yield* functionProblem(protocol, 'admits', []);
  yield* specificationProblems(protocol);
  yield* transactionsProblems(protocol);
  yield* summaryProblems(all, isRecord(events) ? Object.keys(events) : []);
  yield* unitProblems(protocol.units);
}

function* roleProblems(role: unknown, roles: readonly string[], path: Path): Problems {
  if (!isPlain(role)) {
    const [code, what] = isRecord(role)
      ? (['class-instance', 'it is an instance of a class'] as const)
      : (['wrong-type', 'it is not a role'] as const);
    return yield { code, path, message: `${what}: write \`role({ … })\`` };
  }
  yield* unknownParts(role, 'role', path);
  if (role.init === undefined) {
    const message = '`init` is missing: write a function that returns the first state';
    return yield { code: 'missing-property', path, message, missing: [...path, 'init'] };
  }
  for (const name of ['init', 'optionsFault', 'start', 'look']) {
    yield* functionProblem(role, name, path);
  }
  for (const part of ['messages', 'timers']) {
    yield* objectProblem(role, part, path);
    for (const [name, handler] of Object.entries(isRecord(role[part]) ? role[part] : {})) {
      if (typeof handler === 'function') continue;
      const message = `the handler of ${name} is not a function`;
      yield { code: 'wrong-type', path: [...path, part, name], message };
    }
  }
  yield* connectionProblems(role, path);
  if (role.epochDoc !== undefined && typeof role.epochDoc !== 'string') {
    const message = `\`epochDoc\` must be a sentence about the epoch${notThis(role.epochDoc)}`;
    yield { code: 'wrong-type', path: [...path, 'epochDoc'], message };
  }
  yield* docsProblems(role.lookDocs, [...path, 'lookDocs']);
  yield* standingsProblems(role, 'standings', path);
  yield* standingsProblems(role, 'others', path);
  const timers = isPlain(role.timers) ? Object.keys(role.timers) : undefined;
  yield* namesProblem(role, 'background', timers, 'timer', path);
  yield* namesProblem(role, 'ticking', timers, 'timer', path);
  yield* namesProblem(role, 'durable', fieldsOf(role), 'field that `init` returns', path);
  if (role.sync !== undefined && !['always', 'manual', 'lazy'].includes(role.sync as string)) {
    const message = `\`sync\` must be 'always', 'manual' or 'lazy'${notThis(role.sync)}`;
    yield { code: 'wrong-type', path: [...path, 'sync'], message };
  }
  if (role.joins !== undefined && role.joins !== true && typeof role.joins !== 'string') {
    const message = `\`joins\` must be true, or a string that says why not${notThis(role.joins)}`;
    yield { code: 'wrong-type', path: [...path, 'joins'], message };
  }
  if (role.alike !== undefined && typeof role.alike !== 'boolean') {
    const message = `\`alike\` must be true or false${notThis(role.alike)}`;
    yield { code: 'wrong-type', path: [...path, 'alike'], message };
  }
  for (const part of ['options', 'operations']) {
    if (role[part] !== undefined) yield* objectProblem(role, part, path);
  }
  const options = isRecord(role.options) ? role.options : {};
  for (const [name, one] of Object.entries(options)) {
    yield* optionProblems(one, name, roles, [...path, 'options', name]);
    if (isRecord(one) && (one.below ?? one.times) !== undefined) {
      yield* belowProblems(one, name, options, [...path, 'options', name, 'below']);
    }
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
  const { noEffect } = operation;
  if (noEffect !== undefined && noEffect !== true && typeof noEffect !== 'function') {
    const form = 'true, or a function that returns whether a failure had no effect';
    const message = `the operation ${name}: \`noEffect\` must be ${form}${notThis(noEffect)}`;
    yield { code: 'wrong-type', path: [...path, 'noEffect'], message };
  }
  for (const problem of functionProblem(operation, 'isUnknown', path)) {
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

function* optionProblems(
  option: unknown,
  name: string,
  roles: readonly string[],
  path: Path,
): Problems {
  if (!isRecord(option)) {
    const how = "such as { kind: 'integer', default: 1, doc: 'How many.' }";
    const message = `the option ${name} must be an object, ${how}`;
    return yield { code: 'wrong-type', path, message };
  }
  yield* unknownParts(option, 'option', path);
  const kind = option.kind as OptionSpec['kind'];
  if (!optionKinds.includes(kind)) {
    const message = `the option ${name}: ${kindProblem(kind, optionKinds)}`;
    const own = [...path, 'kind'];
    if (kind === undefined) return yield { ...missingOr(kind, own), message };
    return yield { code: 'unknown-name', path: own, message };
  }
  const of = option.of as ListOption['of'];
  if (kind === 'list' && !itemKinds.includes(of)) {
    const message = `the items of the option ${name}: ${kindProblem(of, itemKinds)}`;
    const code = of === undefined ? 'missing-property' : 'unknown-name';
    return yield { code, path: of === undefined ? path : [...path, 'of'], message };
  }
  const [isFit, what] = defaultFits(option, kind);
  const found = notThis(option.default);
  const message = `the \`default\` of the option ${name} must be ${what}${found}`;
  if (!isFit) yield { ...missingOr(option.default, [...path, 'default']), message };
  const items = kind === 'list' ? of : kind;
  for (const limit of ['min', 'max']) {
    const value = option[limit];
    const isNumber = items === 'number' && Number.isFinite(value);
    const isLimited = ['duration', 'range', 'integer', 'number'].includes(items);
    if (value === undefined || isNumber || (isLimited && Number.isInteger(value))) continue;
    const number = items === 'number' ? 'a number' : 'a whole number';
    const must = isLimited ? `must be ${number}${notThis(value)}` : `has no use for a ${items}`;
    const wrong = `the \`${limit}\` of the option ${name} ${must}`;
    yield { code: 'wrong-type', path: [...path, limit], message: wrong };
  }
  if (option.unit !== undefined) yield* optionUnitProblems(option, name, path);
  if (isFit) yield* defaultProblems(option, name, path);
  if (option.role === undefined) return;
  const other = [option.role].flat().find((role) => !roles.includes(role as string));
  if (other === undefined) return;
  const hint = hintFor(other, roles);
  const unknown = `the \`role\` of the option ${name}: ${shown(other, 60)} is not a role`;
  yield { code: 'unknown-name', path: [...path, 'role'], message: `${unknown}: ${hint}` };
}

/** Whether the default of an option fits its kind, and what it must be. */
function defaultFits(option: Part, kind: OptionSpec['kind']): [boolean, string] {
  const { default: value, choices, of } = option;
  const isWhole = (one: unknown) => Number.isInteger(one);
  const words = Array.isArray(choices) ? (choices as unknown[]) : [];
  switch (kind) {
    case 'duration':
      return [isWhole(value), 'a duration, such as milliseconds(5)'];
    case 'range': {
      const isRange = Array.isArray(value) && value.length === 2 && value.every(isWhole);
      return [isRange, 'two durations, such as [milliseconds(5), milliseconds(9)]'];
    }
    case 'integer':
      return [isWhole(value), 'an integer'];
    case 'number':
      return [Number.isFinite(value), 'a number'];
    case 'boolean':
      return [typeof value === 'boolean', 'true or false'];
    case 'string':
      return [typeof value === 'string', 'a string'];
    case 'choice':
      return [words.includes(value), 'one of its `choices`, an array of strings'];
    case 'node':
      return [value === null || typeof value === 'string', 'null, or the name of a node'];
    case 'list': {
      const item = choices === undefined ? (of as ListOption['of']) : 'choice';
      const fits = (one: unknown) =>
        one !== null && defaultFits({ default: one, choices }, item)[0];
      const each = defaultFits({ choices }, item)[1].replace('null, or ', '');
      return [Array.isArray(value) && value.every(fits), `an array in which each item is ${each}`];
    }
  }
}

/** `below` compares a duration with another duration, or with the shortest of a range. */
function* belowProblems(option: Part, name: string, options: Part, path: Path): Problems {
  const { kind, below, times } = option;
  if (times !== undefined && !(typeof times === 'number' && times > 0)) {
    const must = `must be a positive number${notThis(times)}`;
    const message = `the \`times\` of the option ${name} ${must}`;
    yield { code: 'wrong-type', path: [...path.slice(0, -1), 'times'], message };
  }
  if (kind !== 'duration') {
    const message = `the \`below\` of the option ${name} is for durations only`;
    return yield { code: 'wrong-type', path, message };
  }
  const other = typeof below === 'string' ? options[below] : undefined;
  if (isRecord(other) && (other.kind === 'duration' || other.kind === 'range')) return;
  const must = 'must name another option of the role that is a duration or a range';
  const message = `the \`below\` of the option ${name} ${must}${notThis(below)}`;
  yield { code: 'wrong-type', path, message };
}

/** `unit` is a duration, and the default is a multiple of it. */
function* optionUnitProblems(option: Part, name: string, path: Path): Problems {
  const { kind, unit, default: given } = option;
  const own = [...path, 'unit'];
  if (kind !== 'duration') {
    const message = `the \`unit\` of the option ${name} is for durations only`;
    return yield { code: 'wrong-type', path: own, message };
  }
  if (!Number.isInteger(unit) || Number(unit) < 1) {
    const message = `the \`unit\` of the option ${name} must be a positive integer${notThis(unit)}`;
    return yield { code: 'wrong-type', path: own, message };
  }
  if (Number(given) % Number(unit) === 0) return;
  const message = `the \`default\` of the option ${name} must be a multiple of its \`unit\``;
  yield { code: 'outside-limits', path: [...path, 'default'], message };
}

/** A scenario that sets nothing must be valid, so the default must lie within its own limits. */
function* defaultProblems({ default: given, min, max }: Part, name: string, path: Path): Problems {
  for (const value of Array.isArray(given) ? (given as unknown[]) : [given]) {
    if (typeof value !== 'number') continue;
    const isBelow = typeof min === 'number' && value < min;
    if (!isBelow && !(typeof max === 'number' && value > max)) continue;
    const limit = isBelow ? `below its \`min\`, ${min}` : `above its \`max\`, ${String(max)}`;
    const message = `the \`default\` of the option ${name}, ${shown(given, 60)}, is ${limit}`;
    return yield { code: 'outside-limits', path: [...path, 'default'], message };
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
    yield* functionProblem(one, 'when', own);
    if (kind === 'derived event') yield* functionProblem(one, 'summary', own);
  }
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

/** The code of a value that is wrong, or missing. */
function missingOr(value: unknown, path: Path): Omit<ShapeProblem, 'message'> {
  if (value !== undefined) return { code: 'wrong-type', path };
  return { code: 'missing-property', path, missing: path };
}

/** What the values of `look` mean. */
function* docsProblems(docs: unknown, path: Path): Problems {
  if (docs === undefined) return;
  if (!isPlain(docs)) {
    const message = `\`lookDocs\` must have a sentence for each name${notThis(docs)}`;
    return yield { code: 'wrong-type', path, message };
  }
  for (const [name, doc] of Object.entries(docs)) {
    if (typeof doc === 'string' && doc.trim() !== '') continue;
    const message = `what ${shown(name, 60)} means must be a sentence${notThis(doc)}`;
    yield { code: 'wrong-type', path: [...path, name], message };
  }
}
