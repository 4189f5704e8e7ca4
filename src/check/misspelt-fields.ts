/** Decides which of the fields that a run missed are misspelt, rather than absent in this run. */
import { workspaceCode, type Code } from '../code/code.ts';
import { sourceCalls } from '../code/call-stack.ts';
import { namesIn } from '../code/names-in-code.ts';
import { declaredShape, isDeclaredScalar } from '../code/declared-shapes.ts';
import type { Given } from '../code/limits/traced-reads.ts';
import type { World } from '../kernel/world.ts';
import type { Protocol } from '../protocol/types.ts';
import { firstFields } from '../scenario/conditions/field-check.ts';
import type { Expectation } from '../scenario/scenario.ts';
import type { FieldOwner, Reason } from '../scenario/verdict.ts';
import {
  type FieldReads, memoryField, type Miss, namedFieldsOf, type Reader, readsOf,
} from './field-reads.ts';

export interface MisspeltField extends Reader {
  readonly reason: Extract<Reason, { code: 'misspelt-field' }>;
}

/** The fields that were read in the run so far, and that their owners never had. */
export function misspeltFields(world: World): MisspeltField[] {
  const reads = readsOf(world);
  const code = workspaceCode(world.plan.setup.protocol);
  if (reads === undefined || code === undefined) return [];
  return reads.misses.flatMap((miss) => {
    const { kind, name, field } = miss;
    const [call] = sourceCalls(code, miss.stack);
    if (call === undefined) return [];
    const { file, line, column } = call;
    const text = code.files.get(file)?.split('\n')[line - 1] ?? '';
    // A name that is not written there comes from the run: it is the key of a record.
    if (miss.scalar === undefined && !wordOf(field).test(text)) return [];
    if (!isMisspelt(miss, { reads, world, code })) return [];
    const place = { file, line, column: columnOf(field, text, column) };
    return [{ kind, name, reason: { code: 'misspelt-field', field, of: ownerOf(miss), place } }];
  });
}

/** The first field that an expectation names, and that no node or event of the run had. */
export function misspeltName(
  expectation: Expectation,
  world: World,
): { readonly field: string; readonly of: 'node' | 'event' } | undefined {
  const reads = readsOf(world);
  if (reads === undefined) return undefined;
  const code = workspaceCode(world.plan.setup.protocol);
  for (const { of, field } of namedFieldsOf(expectation)) {
    if (of === 'event') {
      const kind = expectation.type === 'no event' ? expectation.event.name : '';
      // Without such an event, the verdict says so already.
      const happened = code !== undefined && reads.fields[`event ${kind}`] !== undefined;
      const isNever = happened && isNeverOfKind(field, [`event ${kind}`], [kind], { reads, code });
      if (isNever) return { field, of };
    } else if (isNeverInState(field, reads, world) && !(code && isSetSomewhere(field, code))) {
      return { field, of: 'node' };
    }
  }
  return undefined;
}

/** Where the field is written, as near after the place of the read as it can be, else before. */
function columnOf(field: string, text: string, column: number): number {
  const all = [...text.matchAll(new RegExp(wordOf(field), 'g'))].map(({ index }) => index + 1);
  return all.find((one) => one >= column) ?? all.at(-1) ?? column;
}

interface Run {
  readonly reads: FieldReads;
  readonly world: World;
  readonly code: Code;
}

function isMisspelt(miss: Miss, run: Run): boolean {
  if (miss.scalar !== undefined) return isNeverOfScalar(miss, run);
  return miss.paths.every((path) => isNeverAt(path, miss, run));
}

const owners: Readonly<Record<Given, FieldOwner>> = {
  observation: 'step',
  nodes: 'node',
  node: 'node',
  state: 'node',
  events: 'event',
  event: 'event',
  fields: 'event',
  message: 'message',
  body: 'message',
  operation: 'operation',
  args: 'operation',
  answers: 'answer',
  answer: 'answer',
  result: 'answer',
  memory: 'memory',
  history: 'operation',
  recorded: 'operation',
};

function ownerOf({ scalar, paths }: Miss): FieldOwner {
  return scalar ?? owners[/^\w+/.exec(paths[0])![0] as Given];
}

/** Whether no object at a path could have the field. */
function isNeverAt(path: string, miss: Miss, run: Run): boolean {
  const { field } = miss;
  const { reads, world, code } = run;
  const { protocol } = world.plan.setup;
  switch (path as Given) {
    case 'observation':
    case 'nodes':
    case 'node':
    case 'events':
    case 'event':
    case 'message':
    case 'operation':
    case 'answers':
    case 'answer':
    case 'history':
    case 'recorded':
      return true;
    case 'state':
      return !isSetSomewhere(field, code) && isNeverInState(field, reads, world);
    case 'fields': {
      const kinds = reportedEvents(protocol);
      return isNeverOfKind(field, kinds.map((kind) => `event ${kind}` as const), kinds, run);
    }
    case 'body':
      return isNeverOfKind(field, ['body'], receivedMessages(protocol), run);
    case 'args':
      return !parameters(protocol).has(field);
    case 'result':
      return reads.fields.result?.[field] !== true && !namesIn(code).defined.has(field);
    case 'memory':
      return isNeverInMemory(miss, run);
    default:
      return isNeverInPart(path, field, run);
  }
}

/**
 * A field that only some events have may be read of all of them, so what counts is whether any kind
 * has it. The types of all kinds decide, if the source declares them. Otherwise a name that the
 * code defines anywhere may be a field that this run did not reach.
 */
function isNeverOfKind(
  field: string,
  groups: readonly (keyof FieldReads['fields'])[],
  kinds: readonly string[],
  { reads, code }: Pick<Run, 'reads' | 'code'>,
): boolean {
  if (groups.some((group) => reads.fields[group]?.[field] === true)) return false;
  if (isSetSomewhere(field, code)) return false;
  const shape = declaredShape(code, kinds);
  return shape === undefined ? !namesIn(code).defined.has(field) : !shape.has(field);
}

function reportedEvents({ events, derivedEvents = {} }: Protocol): string[] {
  return Object.keys(events).filter((name) => !Object.hasOwn(derivedEvents, name));
}

function receivedMessages({ roles }: Protocol): string[] {
  return [...new Set(Object.values(roles).flatMap(({ messages }) => Object.keys(messages)))];
}

function parameters({ roles }: Protocol): Set<string> {
  const all = Object.values(roles).flatMap(({ operations = {} }) => Object.values(operations));
  return new Set(all.flatMap((one) => Object.keys(one.parameters as object)));
}

/** Only the reader itself writes its memory; a key may also be a string, as in `memory[name]`. */
function isNeverInMemory(miss: Miss, { reads, world, code }: Run): boolean {
  const { field } = miss;
  const own = memoryNow(world, miss);
  if (reads.fields[memoryField(miss)]?.[field] === true || (own && field in own)) return false;
  if (isSetSomewhere(field, code)) return false;
  const { protocol } = world.plan.setup;
  const { strings, defined, copiesFields } = namesIn(code);
  const words = [
    ...[...Object.keys(protocol.events), ...Object.keys(protocol.roles)],
    ...[...receivedMessages(protocol), ...world.plan.cast.map(({ id }) => id)],
    ...Object.values(protocol.roles).flatMap(({ timers, operations = {} }) => [
      ...Object.keys(timers), ...Object.keys(operations),
    ]),
  ];
  return !strings.has(field) && !words.includes(field) && !(copiesFields && defined.has(field));
}

function memoryNow({ monitors, memories }: World, { name, kind }: Reader): object | undefined {
  const index = monitors.findIndex((one) => one.name === name && readerKind(one) === kind);
  const { own } = (memories[index] ?? {}) as { own?: unknown };
  return typeof own === 'object' && own !== null ? own : undefined;
}

function readerKind(monitor: object): Reader['kind'] {
  return 'invariant' in monitor ? 'invariant' : 'derived event';
}

function isNeverOfScalar({ field, of }: Miss, { reads, code }: Run): boolean {
  if (of !== undefined && isDeclaredScalar(code, of)) return true;
  const isKnown = Object.values(reads.fields).some((known) => known?.[field] === true);
  return !isKnown && !isSetSomewhere(field, code) && !namesIn(code).defined.has(field);
}

/** Whether an object in a state, a message or a memory has fixed fields, of which this is none. */
function isNeverInPart(path: string, field: string, { reads, code }: Run): boolean {
  const shape = reads.shapes[path];
  const isRecord = shape !== undefined && (shape.varies || shape.keys.includes(field));
  if (isRecord || isSetSomewhere(field, code)) return false;
  return !isWritten(code, `${wordOf(field).source}\\s*:`);
}

/** Whether the code declares a field as optional, or assigns it. */
function isSetSomewhere(field: string, code: Code): boolean {
  const word = wordOf(field).source;
  const assigned = '\\s*(?:(?:\\?\\?|\\|\\||&&|\\*\\*|<<|>>>?|[-+*/%&|^])?=(?![=>])|\\+\\+|--)';
  const key = `\\[\\s*(['"\`])${word}\\1\\s*\\]`;
  return isWritten(code, `\\.${word}${assigned}`, `${key}${assigned}`, `${word}\\?\\s*:`);
}

function isWritten({ files }: Code, ...forms: string[]): boolean {
  return [...files.values()].some((text) => forms.some((form) => new RegExp(form).test(text)));
}

function isNeverInState(field: string, { fields }: FieldReads, world: World): boolean {
  return fields.state?.[field] !== true && !isOfAbsentRole(field, world);
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
