/** Resolves the breakpoints that a client asks for to those of the session. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { extraWords, type Language } from '../../scenario/conditions/condition.ts';
import type { EventPattern } from '../../scenario/scenario.ts';
import type { Breakpoint, Origin, Trigger } from '../../session/breakpoints/breakpoint.ts';
import { Hits, parseHitRule } from '../../session/breakpoints/hits.ts';
import { parseLogMessage } from '../../session/breakpoints/log-message.ts';
import type { Placed, PlacementProblem } from '../../session/breakpoints/placement.ts';
import type { BreakpointProblem } from '../../session/breakpoints/problems.ts';
import { eventPrefix, thrownFilter, violatedFilter } from '../capabilities.ts';
import { breakpointProblemText, movedText } from '../words/problems.ts';

/** What a client may add to a breakpoint of any kind. */
export interface Settings {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** A breakpoint of the session, or why there is none, and the answer to the client. */
export interface Resolved {
  readonly breakpoint?: Breakpoint;
  readonly problem?: BreakpointProblem;
  readonly answer: DebugProtocol.Breakpoint;
}

type Made = { readonly breakpoint: Breakpoint } | { readonly problem: BreakpointProblem };

function unresolved(id: number, problem: BreakpointProblem): Resolved {
  return { problem, answer: { id, verified: false, message: breakpointProblemText(problem) } };
}

export class BreakpointResolver {
  private lastId = 0;

  constructor(
    private readonly language: Language,
    private readonly events: Readonly<Record<string, string>>,
  ) {}

  /** Ids are not used again for other breakpoints of the same client. */
  continueAfter(other: BreakpointResolver): void {
    this.lastId = Math.max(this.lastId, other.lastId);
  }

  resolve(
    origin: Origin,
    placed: Placed,
    settings: Settings,
    place?: Breakpoint['place'],
  ): Resolved {
    const id = ++this.lastId;
    if ('problem' in placed) return unresolved(id, { type: 'place', problem: placed.problem });
    const made = this.make(id, origin, placed, settings);
    if ('problem' in made) return unresolved(id, made.problem);
    const breakpoint = place
      ? { ...made.breakpoint, place: { ...place, line: placed.line ?? place.line } }
      : made.breakpoint;
    const message = placed.moved ? { message: movedText(placed.moved) } : {};
    const line = placed.line === undefined ? {} : { line: placed.line };
    const column = placed.column === undefined ? {} : { column: placed.column };
    return { breakpoint, answer: { id, verified: true, ...line, ...column, ...message } };
  }

  /** An exception filter, by its id; the condition is CEL. */
  filter(filter: string, condition: string | undefined): Resolved {
    const trigger = this.filterTrigger(filter);
    const placed: Placed = trigger ? { trigger } : { problem: { type: 'unknown filter', filter } };
    return this.resolve('exception', placed, condition ? { condition } : {});
  }

  /** A stop that a scenario itself asks for. */
  pattern({ name, node, where }: EventPattern): Breakpoint {
    const trigger: Trigger = {
      type: 'event',
      name,
      ...(node === undefined ? {} : { node }),
    };
    const condition = where ? { condition: where } : {};
    return { id: ++this.lastId, origin: 'exception', trigger, hits: new Hits(), ...condition };
  }

  private make(
    id: number,
    origin: Origin,
    { trigger, names = [] }: Exclude<Placed, { problem: PlacementProblem }>,
    { condition, hitCondition, logMessage }: Settings,
  ): Made {
    const parts: Partial<{ -readonly [Key in keyof Breakpoint]: Breakpoint[Key] }> = {};
    if (condition) {
      const compiled = this.language.condition(condition, [...extraWords, ...names]);
      if ('fault' in compiled) return { problem: { type: 'condition', fault: compiled.fault } };
      parts.condition = compiled.expression;
    }
    if (hitCondition) {
      const rule = parseHitRule(hitCondition);
      if (!rule) return { problem: { type: 'hit condition', text: hitCondition } };
      parts.hitRule = rule;
    }
    if (logMessage) {
      const parsed = parseLogMessage(logMessage, this.language, names);
      if ('problem' in parsed) {
        return { problem: { type: 'log message', problem: parsed.problem } };
      }
      parts.log = parsed.message;
    }
    return { breakpoint: { id, origin, trigger, hits: new Hits(), ...parts } };
  }

  private filterTrigger(filter: string): Trigger | undefined {
    if (filter === violatedFilter) return { type: 'violated' };
    if (filter === thrownFilter) return { type: 'thrown' };
    const name = filter.startsWith(eventPrefix) ? filter.slice(eventPrefix.length) : '';
    return Object.hasOwn(this.events, name) ? { type: 'event', name } : undefined;
  }
}
