/**
 * Which messages say nothing new: heartbeats that a protocol declares, the replies to them, the
 * handshakes of connections, and what a timer sends again and again, such as a retry.
 */
import type { MessageMoment, Moment, StepEffects } from '../../kernel/seam/moment.ts';
import type { WalkedStep } from '../../session/read/reading.ts';

export interface HeartbeatStep extends Pick<WalkedStep, 'step' | 'action' | 'effects'> {
  readonly moment: Words;
}

/** What the protocol says of its messages. */
type Words = Pick<Moment, 'refuses' | 'isHeartbeat'>;

/** How far a heartbeat may be from its timer: the message itself, and the reply to it. */
const hopsMost = 2;

/**
 * Reads consecutive steps and remembers, for each link and type, what its messages said. A
 * message says nothing new if its content is the same, except for numbers that grow each time, such
 * as a time, and for one that goes up by one, such as a sequence number. Only messages close to a
 * timer are compared so: in a conversation that passes a growing number to and fro, each is news.
 */
export class Heartbeats {
  private readonly said = new Map<string, Said[]>();
  /** By step, how many messages lead back to a timer; other steps have none. */
  private readonly hops = new Map<number, number>();
  /** By step, the declared heartbeat that arrived in it. */
  private readonly beats = new Map<number, MessageMoment>();

  /** The repetitions that arrive or are lost in a step, with the same effect as before. */
  note({ step, action, effects, moment }: HeartbeatStep): MessageMoment[] {
    if (action?.type === 'fire') this.hops.set(step, 0);
    const { message, sent } = effects;
    const found: MessageMoment[] = [];
    if (action?.type === 'deliver' && message !== null) {
      const hops = this.hopsAfter(effects.cause);
      if (hops <= hopsMost) this.hops.set(step, hops);
      const isRepeated = this.isNoted(step, message, effects, hops);
      const isQuiet = isHandshake(message, effects) || this.isBeat(message, effects, moment);
      if (isRepeated || isQuiet) found.push(message);
      if (moment.isHeartbeat(message.body)) this.beats.set(step, message);
    }
    const hops = this.hopsAfter(step);
    for (const one of sent) {
      if (one.lost !== '' && this.isNoted(step, one, lost, hops)) found.push(one);
    }
    return found;
  }

  /**
   * Whether a message in flight after `step` is a heartbeat, the reply to one, or says what the
   * last one on its link said by then.
   */
  isRepeated(message: MessageMoment, step: number, words: Words): boolean {
    const { isSignal, cause } = message;
    if (isOpening(message) || words.isHeartbeat(message.body)) return true;
    if (this.isReply(message) && !words.refuses(message.body)) return true;
    if (isSignal || cause > step || this.hopsAfter(cause) > hopsMost) return false;
    const all = this.said.get(keyOf(message));
    const before = all?.findLast((one) => one.step <= step)?.content;
    if (before === undefined) return false;
    return isSame({ ...before, effects: '' }, contentOf(message, ''));
  }

  /** Whether a delivered message is a declared heartbeat or the reply to one, and had no effect. */
  private isBeat(message: MessageMoment, effects: Arrival, words: Words): boolean {
    if (isNews(effects) || effects.events.length > 0 || words.refuses(message.body)) return false;
    return words.isHeartbeat(message.body) || this.isReply(message);
  }

  private isReply({ cause, from, to }: MessageMoment): boolean {
    const beat = this.beats.get(cause);
    return beat?.from === to && beat.to === from;
  }

  private hopsAfter(step: number): number {
    return (this.hops.get(step) ?? hopsMost) + 1;
  }

  /** Remembers a message and its effects, and returns whether it is a repetition. */
  private isNoted(step: number, message: MessageMoment, effects: Arrival, hops: number): boolean {
    const key = keyOf(message);
    const all = this.said.get(key) ?? [];
    const before = all.at(-1)?.content;
    const now = contentOf(message, effectsText(effects));
    const isRepeated = before !== undefined && isSame(before, now);
    if (before?.numbers.length === now.numbers.length) {
      now.grew = now.numbers.map((number, place) => number > before.numbers[place]!);
    }
    all.push({ step, content: now });
    this.said.set(key, all);
    return isRepeated && hops <= hopsMost && !message.isSignal && !isNews(effects);
  }
}

/** What no repetition may hide. */
function isNews({ failure, replies, refused, violations }: Arrival): boolean {
  return failure !== null || replies.length > 0 || refused || violations.length > 0;
}

/** Whether it opens a connection, and does nothing else. A refused or lost one is shown. */
function isHandshake(message: MessageMoment, effects: Arrival): boolean {
  if (!isOpening(message) || isNews(effects) || effects.lost) return false;
  return effects.events.every(({ name }) => name === 'ConnectionOpened');
}

function isOpening({ isSignal, body }: MessageMoment): boolean {
  return isSignal && (body.type === 'SYN' || body.type === 'SYN-ACK');
}

type Arrival = Pick<
  StepEffects, 'lost' | 'events' | 'replies' | 'failure' | 'refused' | 'violations'
>;

/** Of a message that is lost when it is sent. */
const lost: Arrival = {
  lost: true, events: [], replies: [], failure: null, refused: false, violations: [],
};

/** What a step does beside its messages. Its events must be the same, down to each number. */
function effectsText(effects: Arrival): string {
  return JSON.stringify([effects.lost, effects.events]);
}

/** What a message said, and the step in which it arrived or was lost. */
interface Said {
  readonly step: number;
  readonly content: Content;
}

interface Content {
  /** All but its numbers. */
  readonly words: string;
  readonly effects: string;
  readonly numbers: number[];
  /** Whether each number was larger than in the message before. */
  grew: boolean[];
}

function keyOf({ from, to, body }: MessageMoment): string {
  return JSON.stringify([from, to, body.type]);
}

function contentOf({ body }: MessageMoment, effects: string): Content {
  const numbers: number[] = [];
  const words = JSON.stringify(body, (_name, value: unknown) => {
    if (typeof value !== 'number') return value;
    numbers.push(value);
    return '#';
  });
  return { words, effects, numbers, grew: numbers.map(() => false) };
}

function isSame(before: Content, now: Content): boolean {
  if (before.words !== now.words || before.effects !== now.effects) return false;
  const grown = now.numbers.filter((number, place) => number !== before.numbers[place]);
  return now.numbers.every((number, place) => {
    const earlier = before.numbers[place]!;
    // A single number that goes up by one counts the messages: this is the second of them.
    const isCount = grown.length === 1 && number === earlier + 1;
    return number === earlier || isCount || (number > earlier && before.grew[place]!);
  });
}
