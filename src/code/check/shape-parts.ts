/** The parts of a protocol, and the checks that all of them share. */
import { nearestWord } from '../../scenario/suggest.ts';
import type { CodeFaultCode } from '../code-fault.ts';
import { hintFor, renamed } from './shape-words.ts';

export interface ShapeProblem {
  readonly code: Extract<
    CodeFaultCode,
    | 'class-instance'
    | 'unknown-property'
    | 'missing-property'
    | 'wrong-type'
    | 'unknown-name'
    | 'renamed'
    | 'outside-limits'
  >;
  /** The properties that lead to the part that is wrong, or to the one that lacks something. */
  readonly path: readonly string[];
  readonly message: string;
  /** The path of the part that is missing. */
  readonly missing?: readonly string[];
  /** The path of the part that a misspelt one was probably meant to be. */
  readonly meant?: readonly string[];
}

export type Problems = Generator<ShapeProblem>;
export type Part = Readonly<Record<string, unknown>>;
export type Path = readonly string[];

const parts = {
  protocol: (
    'name doc source events roles defaultRole connections derivedEvents invariants refuses ' +
    'isHeartbeat admits specification transactions units'
  ).split(' '),
  role: (
    'doc options optionsFault init durable sync noDiskFaults joins alike start messages ' +
    'connection timers background ticking operations look epochDoc lookDocs standings others ' +
    'summary'
  ).split(' '),
  option: 'kind of default doc choices distinct role min max below times unit'.split(' '),
  operation: 'doc parameters fault noEffect isUnknown run'.split(' '),
  invariant: 'doc remember when check'.split(' '),
  'derived event': 'remember look summary'.split(' '),
  specification: 'doc operations excludes readsProcess key init step'.split(' '),
  transactions: 'doc remember effect transaction'.split(' '),
  standing: 'doc boots option to'.split(' '),
  connection: 'socket opened ended'.split(' '),
  summary: 'messages events'.split(' '),
};

export const anObject = 'an object, which may be empty';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function* unknownParts(part: Part, kind: keyof typeof parts, path: Path): Problems {
  for (const name of Object.keys(part)) {
    if (parts[kind].includes(name) || part[name] === undefined) continue;
    // For copies of built-in protocols.
    if (kind === 'protocol' && ['modelled', 'aliases', 'noSpecification'].includes(name)) continue;
    if (kind === 'protocol' && name === 'facts') {
      yield { code: 'renamed', path: [...path, name], message: renamed(name, 'derivedEvents') };
      continue;
    }
    const hint = hintFor(name, parts[kind]);
    const message = `${withArticle(kind)} has no property \`${name}\`: ${hint}`;
    const word = nearestWord(name, parts[kind]);
    const meant = word === undefined ? {} : { meant: [...path, word] };
    yield { code: 'unknown-property', path: [...path, name], message, ...meant };
  }
}

function withArticle(kind: keyof typeof parts): string {
  if (kind === 'transactions') return '`transactions`';
  return `${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

export function* objectProblem(part: Part, name: string, path: Path): Problems {
  if (part[name] === undefined) {
    const message = `\`${name}\` is missing: write ${anObject}`;
    yield { code: 'missing-property', path, message, missing: [...path, name] };
  } else if (!isPlain(part[name])) {
    const message = `\`${name}\` must be ${anObject}`;
    yield { code: 'wrong-type', path: [...path, name], message };
  }
}

export function* functionProblem(part: Part, name: string, path: Path): Problems {
  const isFit = part[name] === undefined || typeof part[name] === 'function';
  const message = `\`${name}\` is not a function`;
  if (!isFit) yield { code: 'wrong-type', path: [...path, name], message };
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
