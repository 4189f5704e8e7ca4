/** Requests that set breakpoints: each replaces those of its kind, or those of its source. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Breakpoint } from '../../session/breakpoints/breakpoint.ts';
import {
  dataId,
  type Placed,
  placeByDataId,
  placeByName,
  placeInCode,
  placeInScenario,
  partOfExpression,
  sitesWithin,
} from '../../session/breakpoints/placement.ts';
import type { Session } from '../../session/session.ts';
import { addedNodes } from '../../scenario/scenario.ts';
import { nearestWord } from '../../scenario/suggest.ts';
import type { Preset } from './arguments.ts';
import { eventPrefix } from '../capabilities.ts';
import { RequestRefusal } from '../refusal.ts';
import type { Meaning, Sources } from './sources.ts';
import { BreakpointResolver, type Resolved } from './resolved-breakpoints.ts';
import type { VariablesStore } from './variables.ts';
import { notWatchedText, watchedText } from '../words/console.ts';

/** How the client counts lines and columns. */
export interface Counts {
  readonly lines: Counting;
  readonly columns: Counting;
}

export interface Counting {
  toClient(line: number): number;
  fromClient(line: number): number;
}

export class BreakpointRequests {
  private readonly resolver: BreakpointResolver;
  /** The client's requests, which are resolved again when the scenario is reloaded. */
  private readonly asked = new Map<string, (requests: BreakpointRequests) => unknown>();
  private readonly resolved = new Map<string, readonly Resolved[]>();
  private presets: readonly Breakpoint[] = [];
  private ticked: readonly string[] = [];
  /** True if the launch configuration, not the scenario, names the events to stop at. */
  private isOwnList = false;

  constructor(
    private readonly session: Session,
    private readonly sources: Sources,
    private readonly counts: Counts,
  ) {
    const { language, protocol } = session.script.scenario;
    this.resolver = new BreakpointResolver(language, protocol.events);
  }

  setLines(wanted: DebugProtocol.SetBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const meaning = this.sources.meaning(wanted.source);
    const plain = (wanted.lines ?? []).map((line): DebugProtocol.SourceBreakpoint => ({ line }));
    const all = wanted.breakpoints ?? plain;
    const key = meaning?.in === 'protocol' ? meaning.file : meaning ? 'scenario' : 'elsewhere';
    const { lines, columns } = this.counts;
    const resolved = all.map((one) => {
      const line = lines.fromClient(one.line);
      const file = meaning?.in === 'protocol' ? meaning.file : '';
      const column = one.column === undefined ? undefined : columns.fromClient(one.column);
      const placed = this.placeLine(meaning, line, column);
      return this.resolver.resolve('line', placed, one, { file, line });
    });
    return this.replace(`line:${key}`, resolved, (requests) => requests.setLines(wanted));
  }

  private placeLine(meaning: Meaning, line: number, column?: number): Placed {
    const { script, code } = this.session;
    if (meaning?.in === 'scenario') return placeInScenario(script.scenario, line);
    if (meaning) return placeInCode(code, meaning.file, line, column);
    return { problem: { type: 'other file' } };
  }

  /** Places in a range of lines that can hold a breakpoint. */
  locations(
    wanted: DebugProtocol.BreakpointLocationsArguments,
  ): DebugProtocol.BreakpointLocation[] {
    const meaning = this.sources.meaning(wanted.source);
    const { lines, columns } = this.counts;
    const from = lines.fromClient(wanted.line);
    const to = wanted.endLine === undefined ? from : lines.fromClient(wanted.endLine);
    const isWithin = (line: number) => from <= line && line <= to;
    // Goes through what there is: the range may be of any length.
    if (meaning?.in === 'protocol') {
      return sitesWithin(this.session.code.variants?.sites ?? [], meaning.file, isWithin).map(
        ({ line, column }) => ({ line: lines.toClient(line), column: columns.toClient(column) }),
      );
    }
    if (meaning?.in !== 'scenario') return [];
    const begun = this.session.script.scenario.steps.map(({ range }) => range.line);
    return [...new Set(begun)].filter(isWithin).map((line) => ({ line: lines.toClient(line) }));
  }

  setFunctions(wanted: DebugProtocol.SetFunctionBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const { world, script } = this.session;
    const joining = addedNodes(script.scenario);
    const resolved = wanted.breakpoints.map((one) =>
      this.resolver.resolve('function', placeByName(world.plan, one.name, joining), one),
    );
    return this.replace('function', resolved, (requests) => requests.setFunctions(wanted));
  }

  setData(wanted: DebugProtocol.SetDataBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const { plan } = this.session.world;
    const resolved = wanted.breakpoints.map((one) => {
      const access = one.accessType ?? 'write';
      const placed: Placed =
        access === 'write'
          ? placeByDataId(plan, one.dataId)
          : { problem: { type: 'not on writes' } };
      return this.resolver.resolve('data', placed, one);
    });
    return this.replace('data', resolved, (requests) => requests.setData(wanted));
  }

  /**
   * If the client changes the filters during the run, they replace the presets. Before the run,
   * they decide only about the events that are ticked by default.
   */
  setFilters(
    wanted: DebugProtocol.SetExceptionBreakpointsArguments,
    isChange: boolean,
  ): DebugProtocol.Breakpoint[] {
    const isTicked = (name: string) => this.ticked.includes(name);
    if (isChange) this.presets = [];
    else if (!this.isOwnList) {
      this.presets = this.presets.filter(({ trigger, condition }) => {
        const isPlain = trigger.type === 'event' && trigger.node === undefined && !condition;
        return !isPlain || !isTicked(trigger.name);
      });
    }
    // A tick that only repeats the scenario's `breakOn` does not override the launch configuration.
    const isOverridden = (filter: string) =>
      !isChange && this.isOwnList && isTicked(filter.slice(eventPrefix.length));
    const resolve = (filter: string, condition?: string): Resolved => {
      const resolved = this.resolver.filter(filter, condition);
      return isOverridden(filter) && !condition ? { answer: resolved.answer } : resolved;
    };
    const plain = wanted.filters.map((filter) => resolve(filter));
    const others = (wanted.filterOptions ?? []).map((one) => resolve(one.filterId, one.condition));
    const again = (requests: BreakpointRequests) => requests.setFilters(wanted, isChange);
    return this.replace('exception', [...plain, ...others], again);
  }

  /**
   * The stops of the launch configuration, or those of the scenario if it has none. `ticked` are
   * those that the client ticks by default.
   */
  setPresets(presets: readonly Preset[] | undefined, ticked: readonly string[] = []): void {
    const { script } = this.session;
    this.ticked = ticked;
    this.isOwnList = presets !== undefined;
    this.presets = presets
      ? presets.map((preset) => this.preset(preset))
      : script.scenario.breakOn.map((pattern) =>
          this.resolver.pattern(pattern),
        );
    this.apply();
  }

  private preset({ event, condition }: Preset): Breakpoint {
    const { events, invariants } = this.session.code.protocol;
    if (!Object.hasOwn(events, event) && !Object.hasOwn(invariants, event)) {
      const similar = nearestWord(event, [...Object.keys(events), ...Object.keys(invariants)]);
      const hint = similar === undefined ? {} : { similar };
      throw new RequestRefusal({ code: 'unknown preset', name: event, ...hint });
    }
    const violated: Placed = { trigger: { type: 'violated', name: event } };
    const { breakpoint, problem } = Object.hasOwn(events, event)
      ? this.resolver.filter(`${eventPrefix}${event}`, condition)
      : this.resolver.resolve('exception', violated, condition ? { condition } : {});
    if (problem) throw new RequestRefusal({ code: 'preset', name: event, problem });
    return breakpoint!;
  }

  dataInfo(
    wanted: DebugProtocol.DataBreakpointInfoArguments,
    store: VariablesStore,
    node: number | undefined,
  ): DebugProtocol.DataBreakpointInfoResponse['body'] {
    const { plan } = this.session.world;
    const part = wanted.variablesReference
      ? store.row(wanted.variablesReference, wanted.name)?.part
      : partOfExpression(plan, wanted.name, node);
    if (!part || part.path.length === 0) {
      return { dataId: null, description: notWatchedText(wanted.name) };
    }
    const description = watchedText(plan.cast[part.node].id, part.path);
    const id = dataId(plan, part.node, part.path);
    return { dataId: id, description, accessTypes: ['write'], canPersist: true };
  }

  /** Takes over the breakpoints of a session that this one replaces, with the ids that it had. */
  adopt(old: BreakpointRequests): void {
    this.resolver.continueAfter(old.resolver);
    for (const [key, again] of old.asked) {
      again(this);
      const before = old.resolved.get(key) ?? [];
      const renumbered = (this.resolved.get(key) ?? []).map(
        ({ breakpoint, answer }, index): Resolved => {
          const id = before[index]?.answer.id ?? answer.id!;
          return {
            answer: { ...answer, id },
            ...(breakpoint ? { breakpoint: { ...breakpoint, id } } : {}),
          };
        },
      );
      this.resolved.set(key, renumbered);
    }
    this.apply();
  }

  private replace(
    key: string,
    resolved: readonly Resolved[],
    again: (requests: BreakpointRequests) => unknown,
  ): DebugProtocol.Breakpoint[] {
    this.resolved.set(key, resolved);
    this.asked.set(key, again);
    this.apply();
    return resolved.map(({ answer }) => this.toClient(answer));
  }

  private toClient(answer: DebugProtocol.Breakpoint): DebugProtocol.Breakpoint {
    const { lines, columns } = this.counts;
    const { line, column } = answer;
    return {
      ...answer,
      ...(line === undefined ? {} : { line: lines.toClient(line) }),
      ...(column === undefined ? {} : { column: columns.toClient(column) }),
    };
  }

  private apply(): void {
    const all = [...this.resolved.values()].flat().flatMap(({ breakpoint }) => breakpoint ?? []);
    this.session.setBreakpoints([...this.presets, ...all]);
  }
}
