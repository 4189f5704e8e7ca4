/** Expressions in CEL on the moment of a frame: watches, hovers, and the debug console. */
import { extraWords, Language, type Names } from '../../scenario/conditions/condition.ts';
import { Scope } from '../../scenario/conditions/scope.ts';
import { celFunctions, type Receiver } from '../../scenario/conditions/functions.ts';
import type { Fault } from '../../scenario/problem.ts';
import { clockFields, clocksOf } from './frame-clocks.ts';
import { withLocals } from './locals.ts';
import type { Reading } from './reading.ts';
import { eventAt, momentOf, presentOf } from './scopes.ts';
import type { Frame } from './stack.ts';
import { type Variable, variableOf } from './variables.ts';

export type Evaluated =
  | { readonly type: 'value'; readonly variable: Variable }
  | { readonly type: 'problem'; readonly problem: ExpressionProblem };

export type ExpressionProblem =
  /** It cannot be compiled. */
  | { readonly type: 'expression'; readonly fault: Fault }
  | { readonly type: 'no value'; readonly why: string };

export interface Completions {
  readonly words: readonly string[];
  /** How many characters of the text come before the word that is completed. */
  readonly from: number;
}

/** The longest list of fields that is offered for completion. */
const fieldsMost = 500;

export class Evaluator {
  private readonly language: Language;
  private readonly scope: Scope;

  constructor(private readonly reading: Reading) {
    const { nodes } = reading.moment;
    this.language = new Language(nodes.map(({ id }) => id));
    this.scope = new Scope(nodes);
  }

  /** Without a frame, or at a label, on the present moment. */
  evaluate(text: string, frame: Frame | undefined): Evaluated {
    const { inside, moment } = this.reading;
    for (const { id } of (inside?.moment ?? moment).nodes) this.language.admit(id);
    const scope = this.scopeOf(frame);
    const compiled = this.language.expression(text, [...extraWords, ...scope.words]);
    if ('fault' in compiled) {
      return { type: 'problem', problem: { type: 'expression', fault: compiled.fault } };
    }
    const found = compiled.expression.value(scope);
    if (!found.ok) return { type: 'problem', problem: { type: 'no value', why: found.why } };
    const expression = /^[\w.[\]"]+$/.test(text.trim()) ? text.trim() : `(${text.trim()})`;
    const { units } = this.reading.moment.wording;
    return { type: 'value', variable: variableOf(text, found.value, { expression, units }) };
  }

  /**
   * Completions of what the user types, the likeliest first: `commandWords` begin commands, waits
   * name `events`.
   */
  completions(
    text: string,
    frame: Frame | undefined,
    commandWords: readonly string[],
    events: readonly string[],
  ): Completions {
    const match = /(?:([A-Za-z_][\w.[\]"]*)\.)?(\w*)$/.exec(text)!;
    const [, owner, typed] = match;
    const from = text.length - typed.length;
    if (owner === undefined) {
      const own = ['nodes', 'time', 'node', 'state', 'message', 'event'];
      const all = [...this.language.nodes, ...own, ...commandWords, ...celFunctions('none')];
      const words = this.pointWords(text, events) ?? nextWords(text, events) ?? all;
      return { words: [...new Set(words)].filter((word) => word.startsWith(typed)), from };
    }
    const evaluated = this.evaluate(owner, frame);
    const children = evaluated.type === 'value' ? evaluated.variable.children : undefined;
    const fields = children && children.indexed === 0 ? children.list(0, fieldsMost) : [];
    const functions = evaluated.type === 'value' ? methodsOf(evaluated.variable) : [];
    const names = [...fields.map(({ name }) => name), ...functions];
    return { words: names.filter((word) => word.startsWith(typed)), from };
  }

  /** What can follow `before`: nodes, and after `n1:` events; undefined after anything else. */
  private pointWords(text: string, events: readonly string[]): readonly string[] | undefined {
    if (!/^\s*before\s+(\S+\s+)?[^\s:]*(:\w*)?$/.test(text)) return undefined;
    return /:\w*$/.test(text) ? [...events, 'start'] : this.language.nodes;
  }

  /** The names at a frame, its locals first. */
  private scopeOf(frame: Frame | undefined): Names & { readonly words: readonly string[] } {
    const { reading, scope } = this;
    if (frame === undefined || frame.label) {
      return { names: scope.at(presentOf(reading)).names, words: [] };
    }
    const { moment, effects, locals = [], constants = [] } = momentOf(reading, frame);
    const own = [...constants, ...locals];
    const message = frame.handler?.message ?? effects?.message ?? null;
    const event = eventAt(reading, frame) ?? null;
    const node = frame.node === undefined ? undefined : moment.nodes[frame.node]?.id;
    const { names } = scope.at(moment).on(event, message, node);
    const time = clocksOf(reading, frame);
    if (time && !('clocks' in names)) own.unshift(['clocks', clockFields(reading, time)]);
    return { names: withLocals(names, own), words: own.map(([name]) => name) };
  }
}

/** What can follow `leave`, `wait` and `wait until`; undefined after anything else. */
function nextWords(text: string, events: readonly string[]): readonly string[] | undefined {
  if (/^\s*leave\s+\w*$/.test(text)) return ['branch'];
  if (/^\s*wait\s+\w*$/.test(text)) return ['until'];
  return /^\s*wait\s+until\s+\w*$/.test(text) ? events : undefined;
}

function methodsOf({ children, value }: Variable): readonly string[] {
  if (children) return celFunctions(children.indexed > 0 ? 'list' : 'map');
  const receiver = ofScalars.find(([begin]) => value.startsWith(begin))?.[1];
  return receiver === undefined ? [] : celFunctions(receiver);
}

/** By the beginning of a value as it is shown; empty lists and maps have no parts. */
const ofScalars: readonly (readonly [begin: string, receiver: Receiver])[] = [
  ['"', 'string'],
  ['[', 'list'],
  ['{', 'map'],
];
