/** What runs put to the test: events that occurred, invariants that applied, lines that ran. */
import { type Code, workspaceCode } from '../../code/code.ts';
import { patternsFile } from '../../code/pattern-sources.ts';
import type { Effects } from '../../kernel/effects.ts';
import { withVariants } from '../../kernel/handler.ts';
import type { World } from '../../kernel/world.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { InvariantMonitor } from '../invariants.ts';
import type { CoveredFile, CoverageReport } from './report.ts';

/** Counts during the runs of one protocol. What does not run within `during` pays nothing. */
export class Coverage {
  private readonly counts: { readonly sites: Uint32Array; readonly functions: Uint32Array };
  private readonly events = new Map<string, number>();
  private readonly untested: Set<string>;

  constructor(private readonly code: Code) {
    const { protocol, variants } = code;
    this.counts = {
      sites: new Uint32Array(variants?.sites.length ?? 0),
      functions: new Uint32Array(variants?.functions.length ?? 0),
    };
    this.untested = new Set(Object.keys(protocol.invariants));
    const derived = Object.keys(protocol.derivedEvents ?? {});
    for (const name of [...Object.keys(protocol.events), ...derived]) this.events.set(name, 0);
  }

  /** The scenario as its lines can be counted: a built-in protocol runs from its source. */
  covered(scenario: Scenario): Scenario {
    const { protocol } = this.code;
    return { ...scenario, protocol, setup: { ...scenario.setup, protocol } };
  }

  /** Runs `act`, which may take any number of steps, and counts its lines. */
  during<Result>(act: () => Result): Result {
    const { variants } = this.code;
    if (variants === undefined) return act();
    const { recorder, functions } = variants.whole;
    return recorder.cover(this.counts, () => withVariants(functions, act));
  }

  /** The same for the parts of a run that goes on later. */
  *duringAll<Part, Result>(all: Generator<Part, Result>): Generator<Part, Result> {
    for (;;) {
      const next = this.during(() => all.next());
      if (next.done) return next.value;
      yield next.value;
    }
  }

  /** After each step, and after the start. */
  readonly note = (world: World, { events }: Effects): void => {
    for (const { name } of events) this.events.set(name, (this.events.get(name) ?? 0) + 1);
    if (this.untested.size === 0) return;
    world.monitors.forEach((one, i) => {
      if (!(one instanceof InvariantMonitor) || !this.untested.has(one.name)) return;
      const { applied, violated } = world.memories[i] as { applied: number; violated: unknown };
      if (applied > 0 || violated !== null) this.untested.delete(one.name);
    });
  };

  get report(): CoverageReport {
    const { protocol, variants, whyNoLines } = this.code;
    const events = [...this.events].map(([name, count]) => ({ name, count }));
    const promises = Object.entries(protocol.invariants).map(([name, { check }]) => {
      const place = variants?.functionOf(check);
      const isTested = !this.untested.has(name);
      return { name, isTested, ...(place && { place: { file: place.file, line: place.line } }) };
    });
    return {
      protocol: protocol.name,
      isBuiltIn: workspaceCode(protocol) === undefined,
      events,
      promises,
      files: this.files(),
      ...(variants === undefined && { whyNoLines: whyNoLines ?? 'its lines cannot be counted' }),
    };
  }

  private files(): CoveredFile[] {
    const { variants } = this.code;
    if (variants === undefined) return [];
    type Mutable<List> = List extends readonly (infer Item)[] ? Item[] : never;
    const found = new Map<string, {
      statements: Mutable<CoveredFile['statements']>; functions: Mutable<CoveredFile['functions']>;
    }>();
    const seen = new Set<number>();
    for (const site of variants.sites) {
      if (site.function < 0 || site.file === patternsFile) continue;
      if (variants.drawing(site) !== undefined) continue;
      const file = found.get(site.file) ?? { statements: [], functions: [] };
      found.set(site.file, file);
      const { line, column, id, function: number } = site;
      file.statements.push({ line, column, count: this.counts.sites[id] });
      if (seen.has(number)) continue;
      seen.add(number);
      const { name, line: start } = variants.functions[number];
      file.functions.push({ name, line: start, count: this.counts.functions[number] });
    }
    return [...found]
      .map(([file, covered]) => ({ file, ...covered }))
      .sort((a, b) => (a.file < b.file ? -1 : 1));
  }
}
