/** Requests that set breakpoints: each replaces those of its kind, or of its source. */
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
  sitesOn,
} from '../../session/breakpoints/placement.ts';
import type { Session } from '../../session/session.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import type { Preset } from './arguments.ts';
import { eventPrefix } from '../capabilities.ts';
import { Refusal } from '../refusal.ts';
import type { Meaning, Sources } from './sources.ts';
import { type Granted, Granting } from './wishes.ts';
import type { VariablesStore } from './variables.ts';

/** The client's way to count lines. */
export interface Counts {
  readonly lines: Counting;
  readonly columns: Counting;
}

export interface Counting {
  toClient(line: number): number;
  fromClient(line: number): number;
}

export class BreakpointRequests {
  private readonly granting: Granting;
  /** What the client asked for, to be granted anew when the scenario is read again. */
  private readonly asked = new Map<string, (requests: BreakpointRequests) => unknown>();
  private readonly granted = new Map<string, readonly Granted[]>();
  private presets: readonly Breakpoint[] = [];
  private ticked: readonly string[] = [];
  /** True where the launch configuration names the events to stop at, not the scenario. */
  private isOwnList = false;

  constructor(
    private readonly session: Session,
    private readonly sources: Sources,
    private readonly counts: Counts,
  ) {
    const { language, protocol } = session.script.scenario;
    this.granting = new Granting(language, protocol.events);
  }

  setLines(wanted: DebugProtocol.SetBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const meaning = this.sources.meaning(wanted.source);
    const plain = (wanted.lines ?? []).map((line): DebugProtocol.SourceBreakpoint => ({ line }));
    const wishes = wanted.breakpoints ?? plain;
    const key = meaning?.in === 'protocol' ? meaning.file : meaning ? 'scenario' : 'elsewhere';
    const { lines, columns } = this.counts;
    const granted = wishes.map((wish) => {
      const line = lines.fromClient(wish.line);
      const file = meaning?.in === 'protocol' ? meaning.file : '';
      const column = wish.column === undefined ? undefined : columns.fromClient(wish.column);
      const placed = this.placeLine(meaning, line, column);
      return this.granting.grant('line', placed, wish, { file, line });
    });
    return this.replace(`line:${key}`, granted, (requests) => requests.setLines(wanted));
  }

  private placeLine(meaning: Meaning, line: number, column?: number): Placed {
    const { script, code } = this.session;
    if (meaning?.in === 'scenario') return placeInScenario(script.scenario, line);
    if (meaning) return placeInCode(code, meaning.file, line, column);
    return { problem: 'this file is neither the scenario nor a source of its protocol' };
  }

  /** Lines in a range on which a breakpoint can stand. */
  locations(
    wanted: DebugProtocol.BreakpointLocationsArguments,
  ): DebugProtocol.BreakpointLocation[] {
    const meaning = this.sources.meaning(wanted.source);
    const { lines, columns } = this.counts;
    const from = lines.fromClient(wanted.line);
    const to = wanted.endLine === undefined ? from : lines.fromClient(wanted.endLine);
    const found: DebugProtocol.BreakpointLocation[] = [];
    for (let line = from; line <= Math.min(to, from + 10_000); line++) {
      if (meaning?.in === 'protocol') {
        const sites = this.session.code.variants?.sites ?? [];
        for (const { column } of sitesOn(sites, meaning.file, line)) {
          found.push({ line: lines.toClient(line), column: columns.toClient(column) });
        }
        continue;
      }
      const placed = this.placeLine(meaning, line);
      if ('line' in placed && placed.line === line) found.push({ line: lines.toClient(line) });
    }
    return found;
  }

  setFunctions(wanted: DebugProtocol.SetFunctionBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const { plan } = this.session.world;
    const granted = wanted.breakpoints.map((wish) =>
      this.granting.grant('function', placeByName(plan, wish.name), wish),
    );
    return this.replace('function', granted, (requests) => requests.setFunctions(wanted));
  }

  setData(wanted: DebugProtocol.SetDataBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const { plan } = this.session.world;
    const granted = wanted.breakpoints.map((wish) => {
      const access = wish.accessType ?? 'write';
      const placed: Placed =
        access === 'write'
          ? placeByDataId(plan, wish.dataId)
          : { problem: 'a state can be watched for changes only' };
      return this.granting.grant('data', placed, wish);
    });
    return this.replace('data', granted, (requests) => requests.setData(wanted));
  }

  /**
   * Filters replace the presets where the client changes them while the run is under way. Before
   * that, they decide about the events that it was told to tick.
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
    const isPassed = (filter: string) =>
      !isChange && this.isOwnList && isTicked(filter.slice(eventPrefix.length));
    const grant = (filter: string, condition?: string): Granted => {
      const granted = this.granting.filter(filter, condition);
      return isPassed(filter) && !condition ? { told: granted.told } : granted;
    };
    const plain = wanted.filters.map((filter) => grant(filter));
    const others = (wanted.filterOptions ?? []).map((one) => grant(one.filterId, one.condition));
    const again = (requests: BreakpointRequests) => requests.setFilters(wanted, isChange);
    return this.replace('exception', [...plain, ...others], again);
  }

  /**
   * Stops that the launch configuration asks for, else those of the scenario; `ticked` are those
   * that the client was told to tick by itself.
   */
  setPresets(presets: readonly Preset[] | undefined, ticked: readonly string[] = []): void {
    const { script, world } = this.session;
    this.ticked = ticked;
    this.isOwnList = presets !== undefined;
    this.presets = presets
      ? presets.map((preset) => this.preset(preset))
      : script.scenario.breakOn.map((pattern) =>
          this.granting.pattern(pattern, world.plan.indexOf),
        );
    this.apply();
  }

  private preset({ event, condition }: Preset): Breakpoint {
    const { events, invariants } = this.session.code.protocol;
    if (!Object.hasOwn(events, event) && !Object.hasOwn(invariants, event)) {
      const hint = didYouMean(event, [...Object.keys(events), ...Object.keys(invariants)]);
      const what = `"breakOn": the protocol has no event or invariant named ${event}`;
      throw new Refusal(hint ? `${what} (${hint}).` : `${what}.`, true);
    }
    const wish = condition ? { condition } : {};
    const { breakpoint, told } = Object.hasOwn(events, event)
      ? this.granting.filter(`${eventPrefix}${event}`, condition)
      : this.granting.grant('exception', { trigger: { type: 'broken', name: event } }, wish);
    if (!breakpoint) throw new Refusal(`"breakOn": ${event}: ${told.message}`, true);
    return breakpoint;
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
      return { dataId: null, description: `${wanted.name} is not part of a node's state` };
    }
    const description = `${plan.cast[part.node].id}.state.${part.path.join('.')}`;
    const id = dataId(plan, part.node, part.path);
    return { dataId: id, description, accessTypes: ['write'], canPersist: true };
  }

  /** Takes over what a client asked of a session that ended, under the numbers that it knows. */
  adopt(old: BreakpointRequests): void {
    this.granting.continueAfter(old.granting);
    for (const [key, again] of old.asked) {
      again(this);
      const before = old.granted.get(key) ?? [];
      const renumbered = (this.granted.get(key) ?? []).map(
        ({ breakpoint, told }, index): Granted => {
          const id = before[index]?.told.id ?? told.id!;
          return {
            told: { ...told, id },
            ...(breakpoint ? { breakpoint: { ...breakpoint, id } } : {}),
          };
        },
      );
      this.granted.set(key, renumbered);
    }
    this.apply();
  }

  private replace(
    key: string,
    granted: readonly Granted[],
    again: (requests: BreakpointRequests) => unknown,
  ): DebugProtocol.Breakpoint[] {
    this.granted.set(key, granted);
    this.asked.set(key, again);
    this.apply();
    return granted.map(({ told }) =>
      told.line === undefined ? told : this.told(told, told.line),
    );
  }

  private told(told: DebugProtocol.Breakpoint, line: number): DebugProtocol.Breakpoint {
    const { lines, columns } = this.counts;
    const column = told.column === undefined ? {} : { column: columns.toClient(told.column) };
    return { ...told, line: lines.toClient(line), ...column };
  }

  private apply(): void {
    const all = [...this.granted.values()].flat().flatMap(({ breakpoint }) => breakpoint ?? []);
    this.session.setBreakpoints([...this.presets, ...all]);
  }
}
