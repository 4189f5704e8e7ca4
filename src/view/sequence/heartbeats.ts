/**
 * Which messages are repetitions. No protocol declares them: it is a message that a timer sends
 * again and again, such as a heartbeat or a retry, or the reply to one, and that says nothing new.
 */
import type { MessageMoment, StepEffects } from '../../kernel/seam/moment.ts';
import type { WalkedStep } from '../../session/read/reading.ts';

export type HeartbeatStep = Pick<WalkedStep, 'step' | 'action' | 'effects'>;

/** How far a heartbeat may be from its timer: the message itself, and the reply to it. */
const hopsMost = 2;

/**
 * Reads consecutive steps and remembers, for each link and type, what its messages said. A
 * message says nothing new if its content is the same, except for numbers that grow each time, such
 * as a sequence number or a time. Only messages close to a timer are compared so: in a conversation
 * that passes a growing number to and fro, each message is news.
 */
export class Heartbeats {
  private readonly said = new Map<string, Said[]>();
  /** By step, how many messages lead back to a timer; other steps have none. */
  private readonly hops = new Map<number, number>();

  /** The repetitions that arrive or are lost in a step, with the same effect as before. */
  note({ step, action, effects }: HeartbeatStep): MessageMoment[] {
    if (action?.type === 'fire') this.hops.set(step, 0);
    const { message, sent } = effects;
    const found: MessageMoment[] = [];
    if (action?.type === 'deliver' && message !== null) {
      const hops = this.hopsAfter(effects.cause);
      if (hops <= hopsMost) this.hops.set(step, hops);
      if (this.isNoted(step, message, effects, hops)) found.push(message);
    }
    const hops = this.hopsAfter(step);
    for (const one of sent) {
      if (one.lost !== '' && this.isNoted(step, one, lost, hops)) found.push(one);
    }
    return found;
  }

  /** Whether a message in flight after `step` says what the last one on its link said by then. */
  isRepeated(message: MessageMoment, step: number): boolean {
    const { isSignal, cause } = message;
    if (isSignal || cause > step || this.hopsAfter(cause) > hopsMost) return false;
    const all = this.said.get(keyOf(message));
    const before = all?.findLast((one) => one.step <= step)?.content;
    if (before === undefined) return false;
    return isSame({ ...before, effects: '' }, contentOf(message, ''));
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
    const isNews = effects.failure !== null || effects.replies.length > 0 || effects.refused;
    const isBroken = effects.violations.length > 0;
    return isRepeated && hops <= hopsMost && !message.isSignal && !isNews && !isBroken;
  }
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
  return now.numbers.every((number, place) => {
    const earlier = before.numbers[place]!;
    return number === earlier || (number > earlier && before.grew[place]!);
  });
}
