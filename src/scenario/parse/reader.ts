/** Reads a command word by word, and keeps the first fault that it meets. */
import { parseDuration } from '../../kernel/text/duration.ts';
import type { NodeSetup } from '../../kernel/plan.ts';
import type { Micros, NodeId, Protocol } from '../../protocol/types.ts';
import type { ExtraWord, Expression, Language } from '../conditions/condition.ts';
import type { Fault } from '../problem.ts';
import type { EventPattern, NodeSelector } from '../scenario.ts';
import { didYouMean, oneOf } from '../suggest.ts';
import type { Token } from '../commands/tokens.ts';

/** What the words of a command refer to. */
export interface CommandContext {
  readonly protocol: Protocol;
  readonly nodes: readonly NodeSetup[];
  readonly language: Language;
}

/** Each `read…` takes words and answers their meaning, or notes the fault and answers nothing. */
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

  /** Where the next word begins; where the text ends, if there is none. */
  get position(): number {
    return this.next?.start ?? this.end;
  }

  get end(): number {
    return this.tokens.length > 0 ? this.tokens[this.tokens.length - 1].end : 0;
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

  fail(
    message: string,
    token: { start: number; end: number } | undefined,
    hint?: string,
  ): undefined {
    const place = token ?? { start: this.end, end: this.end };
    this.fault ??= { message, start: place.start, end: place.end, hint };
    return undefined;
  }

  /** Complains where words are left over. */
  readEnd(expected: string): boolean {
    const next = this.next;
    if (next === undefined) return this.fault === undefined;
    this.fail(`${expected}, but \`${next.text}\` follows`, next);
    return false;
  }

  readDuration(example: string): Micros | undefined {
    const token = this.take();
    return this.durationOf(token, example);
  }

  durationOf(token: Token | undefined, example: string): Micros | undefined {
    if (token === undefined)
      return this.fail(`a duration is expected, such as \`${example}\``, token);
    const duration = parseDuration(token.value);
    if (duration !== undefined && Math.abs(duration) <= longest) return duration;
    if (duration !== undefined) return this.fail('a duration is at most 1000 hours', token);
    const hint = /^[+-]?\d+(\.\d+)?$/.test(token.value)
      ? `add a unit: \`${token.value}ms\` or \`${token.value}s\``
      : undefined;
    return this.fail(`\`${token.text}\` is no duration, such as \`${example}\``, token, hint);
  }

  /** A duration that is not negative. */
  readSpan(example: string): Micros | undefined {
    const token = this.next;
    const span = this.readDuration(example);
    if (span !== undefined && span < 0) return this.fail('a duration here is not negative', token);
    return span;
  }

  /** `for 15s`, where it stands. */
  readFor(): { for?: Micros } | undefined {
    if (!this.takes('for')) return {};
    const span = this.readSpan('15s');
    return span === undefined ? undefined : { for: span };
  }

  readNodeId(): NodeId | undefined {
    const token = this.take();
    return this.nodeIdOf(token);
  }

  nodeIdOf(token: Token | undefined, word = token?.value ?? ''): NodeId | undefined {
    const ids = this.context.nodes.map((node) => node.id);
    if (token === undefined) return this.fail(`a node is expected: ${oneOf(ids)}`, token);
    if (ids.includes(word)) return word;
    const message = `there is no node \`${word}\`; the nodes are ${list(ids)}`;
    return this.fail(message, token, didYouMean(word, ids));
  }

  /** `n1`, or `the leader`. */
  readNode(): NodeSelector | undefined {
    const the = this.next;
    if (!this.takes('the')) return this.readNodeId();
    const word = this.take();
    if (word === undefined || !/^[A-Za-z][\w-]*$/.test(word.text)) {
      return this.fail('after `the` a standing is expected, such as `the leader`', word ?? the);
    }
    return { standing: word.text };
  }

  /** One node or more, up to a word that ends the list. */
  readNodes(): NodeSelector[] | undefined {
    const nodes: NodeSelector[] = [];
    while (this.next !== undefined && !listEnds.has(this.next.text)) {
      const node = this.readNode();
      if (node === undefined) return undefined;
      nodes.push(node);
    }
    if (nodes.length > 0) return nodes;
    const ids = this.context.nodes.map((node) => node.id);
    return this.fail(`a node is expected: ${oneOf(ids)}`, this.next);
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
    const events = Object.keys(this.context.protocol.events);
    if (token === undefined) return this.fail(`an event is expected: ${oneOf(events)}`, token);
    if (Object.hasOwn(this.context.protocol.events, token.text)) return token.text;
    const message = `${this.context.protocol.name} has no event \`${token.text}\``;
    return this.fail(message, token, didYouMean(token.text, events) ?? `it has ${list(events)}`);
  }

  /** The expression from the next word up to `end`. */
  readCondition(end: number, extra: readonly ExtraWord[]): Expression | undefined {
    const start = Math.min(this.position, end);
    const compiled = this.context.language.condition(this.text.slice(start, end).trimEnd(), extra);
    this.skipTo(end);
    if ('expression' in compiled) return compiled.expression;
    const { message, start: from, end: to, hint } = compiled.fault;
    return this.fail(message, { start: start + from, end: start + to }, hint);
  }
}

const longest = 1000 * 3_600_000_000;
const listEnds = new Set(['|', '->', 'for', 'on', 'within']);

function list(words: readonly string[]): string {
  return words.length > 12 ? `${words.slice(0, 12).join(', ')} …` : words.join(', ');
}

export function parseTruth(text: string): boolean | undefined {
  if (text === 'true' || text === 'yes' || text === 'on') return true;
  return text === 'false' || text === 'no' || text === 'off' ? false : undefined;
}
