/** Reads a command word by word, and keeps the first fault that it finds. */
import { parseDuration } from '../../kernel/text/duration.ts';
import type { NodeSetup } from '../../kernel/plan.ts';
import type { Micros, NodeId, Protocol } from '../../protocol/types.ts';
import type { ExtraWord, Expression, Language } from '../conditions/condition.ts';
import type { Fault, Mistake } from '../problem.ts';
import type { EventPattern, NodeSelector } from '../scenario.ts';
import { unknownName, useOneOf } from '../suggest.ts';
import type { Token } from './tokens.ts';
import { valueForms } from './values.ts';

/** What the words of a command can refer to. */
export interface CommandContext {
  readonly protocol: Protocol;
  /** Those that earlier commands add are among them. */
  readonly nodes: NodeSetup[];
  readonly language: Language;
}

/** Each `read…` takes words and returns their meaning, or notes the fault and returns undefined. */
export class CommandReader {
  fault: Fault | undefined;
  private at = 0;

  constructor(
    readonly text: string,
    readonly tokens: readonly Token[],
    readonly context: CommandContext,
  ) {}

  get next(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Where the next word begins; the end of the last word if there is none. */
  get position(): number {
    return this.next?.start ?? this.end;
  }

  get end(): number {
    return this.tokens.length > 0 ? this.tokens[this.tokens.length - 1].end : 0;
  }

  get nodeIds(): NodeId[] {
    return this.context.nodes.map((node) => node.id);
  }

  take(): Token | undefined {
    return this.tokens[this.at++];
  }

  /** Takes the next word if it is this one. */
  takes(word: string): boolean {
    if (this.next?.text !== word) return false;
    this.at++;
    return true;
  }

  skipTo(position: number): void {
    while (this.next !== undefined && this.next.start < position) this.at++;
  }

  /** Notes a mistake at a word, or at the end of the command; the first one counts. */
  fail(mistake: Mistake, token: { start: number; end: number } | undefined): undefined {
    const { start, end } = token ?? { start: this.end, end: this.end };
    this.fault ??= { ...mistake, start, end };
    return undefined;
  }

  /** Fails if words are left over; `form` is how the command is written. */
  readEnd(form: string): boolean {
    const { next } = this;
    if (next === undefined) return this.fault === undefined;
    const message = `unexpected \`${next.text}\``;
    this.fail({ code: 'unexpected-word', message, hint: `write \`${form}\`` }, next);
    return false;
  }

  readDuration(example: string): Micros | undefined {
    const token = this.take();
    return this.durationOf(token, example);
  }

  durationOf(token: Token | undefined, example: string): Micros | undefined {
    const form = valueForms.duration(example);
    if (token === undefined) {
      return this.fail({ code: 'expected-duration', message: `expected ${form}` }, token);
    }
    const { text, value } = token;
    const duration = parseDuration(value);
    if (duration !== undefined && Math.abs(duration) <= longest) return duration;
    if (duration !== undefined) {
      const message = `\`${text}\` is too long: the longest duration is 1000h`;
      return this.fail({ code: 'duration-too-long', message }, token);
    }
    const hint = /^[+-]?\d+(\.\d+)?$/.test(value)
      ? `add a unit: \`${value}ms\` or \`${value}s\``
      : `write ${form}`;
    return this.fail(
      { code: 'bad-duration', message: `\`${text}\` is not a duration`, hint },
      token,
    );
  }

  /** A duration that is not negative. */
  readSpan(example: string): Micros | undefined {
    const token = this.next;
    const span = this.readDuration(example);
    if (token === undefined || span === undefined || span >= 0) return span;
    const message = `\`${token.text}\` is negative`;
    const hint = `write ${valueForms.duration(example)}`;
    return this.fail({ code: 'negative-duration', message, hint }, token);
  }

  /** `for 15s`, if the next word is `for`. */
  readFor(): { for?: Micros } | undefined {
    if (!this.takes('for')) return {};
    const span = this.readSpan('15s');
    return span === undefined ? undefined : { for: span };
  }

  /** Takes the `->` between two ends of a link. */
  readArrow(example: string): boolean {
    if (this.takes('->')) return true;
    const hint = `write \`${example}\``;
    this.fail({ code: 'expected-arrow', message: 'expected `->`', hint }, this.next);
    return false;
  }

  readNodeId(): NodeId | undefined {
    const token = this.take();
    return this.nodeIdOf(token);
  }

  nodeIdOf(token: Token | undefined, word = token?.value ?? ''): NodeId | undefined {
    const ids = this.nodeIds;
    if (token === undefined) return this.failForNode(token);
    if (ids.includes(word)) return word;
    return this.fail(unknownName('unknown-node', 'there is no node', word, ids), token);
  }

  failForNode(token: Token | undefined): undefined {
    const hint = useOneOf(this.nodeIds);
    return this.fail({ code: 'expected-node', message: 'expected a node', hint }, token);
  }

  /** `n1`, or `the leader`. */
  readNode(): NodeSelector | undefined {
    const the = this.next;
    if (!this.takes('the')) return this.readNodeId();
    const word = this.take();
    if (word !== undefined && /^[A-Za-z][\w-]*$/.test(word.text)) return { standing: word.text };
    const message = 'expected a standing after `the`, such as `the leader`';
    return this.fail({ code: 'expected-standing', message }, word ?? the);
  }

  /** One node or more, up to a word that ends the list. */
  readNodes(): NodeSelector[] | undefined {
    const nodes: NodeSelector[] = [];
    while (this.next !== undefined && !listEnds.has(this.next.text)) {
      const node = this.readNode();
      if (node === undefined) return undefined;
      nodes.push(node);
    }
    return nodes.length > 0 ? nodes : this.failForNode(this.next);
  }

  /** `EVENT [at NODE] [where CONDITION]`; the condition runs up to `end`. */
  readEvent(end: number): EventPattern | undefined {
    const token = this.take();
    const name = this.eventNameOf(token);
    if (name === undefined) return undefined;
    let node: NodeId | undefined;
    if (this.takes('at')) {
      node = this.readNodeId();
      if (node === undefined) return undefined;
    }
    if (!this.takes('where')) return node === undefined ? { name } : { name, node };
    const where = this.readCondition(end, ['event', 'node', 'message', 'state']);
    if (where === undefined) return undefined;
    return node === undefined ? { name, where } : { name, node, where };
  }

  eventNameOf(token: Token | undefined): string | undefined {
    const { name, events } = this.context.protocol;
    const known = Object.keys(events);
    if (token === undefined) {
      const hint = useOneOf(known);
      return this.fail({ code: 'expected-event', message: 'expected an event', hint }, token);
    }
    if (Object.hasOwn(events, token.text)) return token.text;
    const mistake = unknownName('unknown-event', `${name} has no event`, token.text, known);
    return this.fail(mistake, token);
  }

  /** The expression from the next word up to `end`. */
  readCondition(end: number, extra: readonly ExtraWord[]): Expression | undefined {
    const start = Math.min(this.position, end);
    const compiled = this.context.language.condition(this.text.slice(start, end).trimEnd(), extra);
    this.skipTo(end);
    if ('expression' in compiled) return compiled.expression;
    const { start: from, end: to, ...mistake } = compiled.fault;
    return this.fail(mistake, { start: start + from, end: start + to });
  }
}

const longest: Micros = 1000 * 3_600_000_000;
const listEnds = new Set(['|', '->', 'for', 'on', 'within']);

/** Words for a node in messages: `n1`, or `the leader`. */
export function selectorText(node: NodeSelector): string {
  return typeof node === 'string' ? node : `the ${node.standing}`;
}
