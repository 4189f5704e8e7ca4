/** The breakpoints that a client asked for, kept as it asked, and made into the session's. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { extraWords, type Language } from '../../scenario/conditions/condition.ts';
import type { EventPattern } from '../../scenario/scenario.ts';
import type { Breakpoint, Origin, Trigger } from '../../session/breakpoints/breakpoint.ts';
import { Hits, hitRuleExpected, parseHitRule } from '../../session/breakpoints/hits.ts';
import { parseLogMessage } from '../../session/breakpoints/log-message.ts';
import type { Placed } from '../../session/breakpoints/placement.ts';
import { brokenFilter, eventPrefix, thrownFilter } from '../capabilities.ts';

export interface Wish {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** What became of a wish: a breakpoint of the session, and what the client is told of it. */
export interface Granted {
  readonly breakpoint?: Breakpoint;
  readonly told: DebugProtocol.Breakpoint;
}

export class Granting {
  private lastId = 0;

  constructor(
    private readonly language: Language,
    private readonly events: Readonly<Record<string, string>>,
  ) {}

  /** Numbers are not used again for other wishes of the same client. */
  continueAfter(other: Granting): void {
    this.lastId = Math.max(this.lastId, other.lastId);
  }

  grant(origin: Origin, placed: Placed, wish: Wish, place?: Breakpoint['place']): Granted {
    const id = ++this.lastId;
    const refused = (message: string): Granted => ({ told: { id, verified: false, message } });
    if ('problem' in placed) return refused(placed.problem);
    const made = this.make(id, origin, placed, wish);
    if (typeof made === 'string') return refused(made);
    const breakpoint = place
      ? { ...made, place: { ...place, line: placed.line ?? place.line } }
      : made;
    const message = placed.moved ? { message: placed.moved } : {};
    const line = placed.line === undefined ? {} : { line: placed.line };
    const column = placed.column === undefined ? {} : { column: placed.column };
    return { breakpoint, told: { id, verified: true, ...line, ...column, ...message } };
  }

  /** An exception filter, by its id; the condition is CEL. */
  filter(filter: string, condition: string | undefined): Granted {
    const trigger = this.filterTrigger(filter);
    const placed: Placed = trigger ? { trigger } : { problem: `there is no filter ${filter}` };
    return this.grant('exception', placed, condition ? { condition } : {});
  }

  /** A stop that a scenario asks for by itself. */
  pattern({ name, node, where }: EventPattern, indexOf: ReadonlyMap<string, number>): Breakpoint {
    const index = node === undefined ? undefined : indexOf.get(node);
    const trigger: Trigger = {
      type: 'event',
      name,
      ...(index === undefined ? {} : { node: index }),
    };
    const condition = where ? { condition: where } : {};
    return { id: ++this.lastId, origin: 'exception', trigger, hits: new Hits(), ...condition };
  }

  private make(
    id: number,
    origin: Origin,
    placed: Exclude<Placed, { problem: string }>,
    wish: Wish,
  ): Breakpoint | string {
    const { trigger, names = [] } = placed;
    const { condition, hitCondition, logMessage } = wish;
    const parts: Partial<{ -readonly [Key in keyof Breakpoint]: Breakpoint[Key] }> = {};
    if (condition) {
      const compiled = this.language.condition(condition, [...extraWords, ...names]);
      if ('fault' in compiled) {
        const { message, hint } = compiled.fault;
        return `condition: ${message}${hint ? ` (${hint})` : ''}`;
      }
      parts.condition = compiled.expression;
    }
    if (hitCondition) {
      const rule = parseHitRule(hitCondition);
      if (!rule) return `${hitRuleExpected}; it is \`${hitCondition}\``;
      parts.hitRule = rule;
    }
    if (logMessage) {
      const parsed = parseLogMessage(logMessage, this.language, names);
      if ('problem' in parsed) return `log message: ${parsed.problem}`;
      parts.log = parsed.message;
    }
    return { id, origin, trigger, hits: new Hits(), ...parts };
  }

  private filterTrigger(filter: string): Trigger | undefined {
    if (filter === brokenFilter) return { type: 'broken' };
    if (filter === thrownFilter) return { type: 'thrown' };
    const name = filter.startsWith(eventPrefix) ? filter.slice(eventPrefix.length) : '';
    return Object.hasOwn(this.events, name) ? { type: 'event', name } : undefined;
  }
}
