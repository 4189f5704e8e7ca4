/** Instrumented variants of a protocol, which report the statements that they execute. */
import type { Protocol } from '../../protocol/types.ts';
import { guardProtocol } from '../limits/guarded-protocol.ts';
import type { Modules } from '../load/modules.ts';
import { type FunctionSite, hooks, type Instrumented, type Site } from '../transform/instrument.ts';
import { evaluateInstrumented, instrumentedModules, placesIn } from './instrumented-modules.ts';
import { Recorder } from './recorder.ts';

/** The functions of a variant by the plain functions in whose place they run. */
export interface Variant {
  /** Receives what they report. */
  readonly recorder: Recorder;
  /** The functions that nodes run: handlers, operations, `init` and `start`. */
  readonly handlers: ReadonlyMap<unknown, unknown>;
  /** These, and the functions that only read: invariants, derived events, `look`, summaries. */
  readonly functions: ReadonlyMap<unknown, unknown>;
  /** The same without the guards around workspace code, so that their text can be read. */
  readonly unguarded: ReadonlyMap<unknown, unknown>;
}

/** A function that the check layer calls after each step. */
export interface Property {
  readonly kind: 'invariant' | 'derived event';
  readonly name: string;
}

const functionNumbers = new RegExp(
  `${hooks.replaceAll('$', '\\$')}\\.(?:enter|arrow)\\((\\d+)`, 'g',
);

/** The variants of one protocol, each made when it is first needed: plain code pays nothing. */
export class Variants {
  private instrumented: Instrumented[] | undefined;
  /** The modules without sites: a change of breakpoints affects few modules. */
  private bare: Instrumented[] | undefined;
  private wholeVariant: Variant | undefined;
  private partVariant: { readonly key: string; readonly variant: Variant } | undefined;
  private allSites: Site[] | undefined;
  private allFunctions: FunctionSite[] | undefined;
  private readonly numbers = new Map<unknown, number>();
  private properties: Map<number, Property> | undefined;

  constructor(
    private readonly modules: Modules,
    private readonly entry: string,
    private readonly plain: Protocol,
    private readonly find: (exported: Record<string, unknown>) => Protocol,
  ) {}

  /** Makes what the first step into a handler needs, which takes a noticeable time. */
  prepare(): void {
    void this.whole;
  }

  /** After the code was interrupted from outside. */
  abandon(): void {
    this.wholeVariant?.recorder.abandon();
    this.partVariant?.variant.recorder.abandon();
  }

  /** All sites, by their numbers. */
  get sites(): readonly Site[] {
    return (this.allSites ??= this.all.flatMap(({ sites }) => sites));
  }

  /** All functions, by their numbers. */
  get functions(): readonly FunctionSite[] {
    return (this.allFunctions ??= this.all.flatMap(({ functions }) => functions));
  }

  /** The variant that reports every statement. */
  get whole(): Variant {
    return (this.wholeVariant ??= this.make(this.all));
  }

  /**
   * The variant that reports these sites alone and runs nearly as fast as plain code. Only the last
   * one is kept: the sites are those with breakpoints, which change together.
   */
  part(sites: ReadonlySet<number>): Variant {
    const key = [...sites].sort((a, b) => a - b).join();
    if (this.partVariant?.key !== key) {
      const { counts, modules } = this;
      this.bare ??= instrumentedModules(modules, { sites: new Set(), counts });
      const variant = this.make(instrumentedModules(modules, { sites, counts }, this.bare));
      this.partVariant = { key, variant };
    }
    return this.partVariant!.variant;
  }

  /** Where the source defines a handler or another function of the protocol. */
  functionOf(handler: unknown): FunctionSite | undefined {
    return this.functions[this.numberOf(handler)];
  }

  /**
   * The number of a plain function, which the text of its instrumented variant contains; −1 if it
   * is not a function of these sources.
   */
  private numberOf(code: unknown): number {
    let number = this.numbers.get(code);
    if (number === undefined) {
      const variant = this.whole.unguarded.get(code);
      const text = typeof variant === 'function' ? Function.prototype.toString.call(variant) : '';
      // Functions inside it, those of its default parameters too, have higher numbers.
      const found = [...text.matchAll(functionNumbers)].map(([, digits]) => Number(digits));
      number = found.length === 0 ? -1 : Math.min(...found);
      this.numbers.set(code, number);
    }
    return number;
  }

  /** The invariant or derived event that a function belongs to, by its number. */
  propertyOf(number: number): Property | undefined {
    return (this.properties ??= this.findProperties()).get(number);
  }

  /**
   * The name of the function around a site, if it runs only to draw the nodes. A breakpoint there
   * is never hit, because no run calls it.
   */
  drawing(site: Site): string | undefined {
    const contains = ({ file, line, endLine }: FunctionSite) =>
      file === site.file && line <= site.line && site.line <= endLine;
    const inner = this.functions[site.function];
    return drawingPairs(this.plain, this.plain)
      .flatMap(([code]) => (code === undefined ? [] : (this.functionOf(code) ?? [])))
      .find((code) => contains(code) && (inner === code || inner.line > code.line))?.name;
  }

  private findProperties(): Map<number, Property> {
    const found = new Map<number, Property>();
    const note = (kind: Property['kind'], name: string, codes: readonly unknown[]) => {
      for (const code of codes) found.set(this.numberOf(code), { kind, name });
    };
    const { invariants, derivedEvents = {} } = this.plain;
    for (const [name, { check, when, remember }] of Object.entries(invariants)) {
      note('invariant', name, [check, when, remember]);
    }
    for (const [name, { look, remember }] of Object.entries(derivedEvents)) {
      note('derived event', name, [look, remember]);
    }
    return found;
  }

  private get counts(): boolean {
    return !this.modules.isBuiltIn;
  }

  private get all(): Instrumented[] {
    const wanted = { sites: 'all', counts: this.counts } as const;
    return (this.instrumented ??= instrumentedModules(this.modules, wanted));
  }

  private make(instrumented: readonly Instrumented[]): Variant {
    const recorder = new Recorder();
    const exported = evaluateInstrumented(this.modules, this.entry, instrumented, recorder);
    const unguarded = this.find(exported);
    const protocol = this.modules.isBuiltIn
      ? unguarded
      : guardProtocol(unguarded, {
          meter: recorder,
          reportsWrites: instrumented.every(({ reportsWrites }) => reportsWrites),
          placeOf: placesIn(this.modules, instrumented),
        });
    return {
      recorder,
      handlers: handlerPairs(this.plain, protocol),
      functions: functionPairs(this.plain, protocol),
      unguarded: functionPairs(this.plain, unguarded),
    };
  }
}

function functionPairs(plain: Protocol, variant: Protocol): Map<unknown, unknown> {
  return new Map([...handlerPairs(plain, variant), ...readerPairs(plain, variant)]);
}

/** The functions that nodes run, with their variants. */
function handlerPairs(plain: Protocol, variant: Protocol): Map<unknown, unknown> {
  const pairs = new Map<unknown, unknown>();
  const pair = (one: object | undefined, other: object | undefined) => {
    for (const [name, code] of Object.entries(one ?? {})) {
      pairs.set(code, (other as Record<string, unknown> | undefined)?.[name]);
    }
  };
  for (const [name, role] of Object.entries(plain.roles)) {
    const other = variant.roles[name];
    pair(role.messages, other.messages);
    pair(role.timers, other.timers);
    pair(role.connection, other.connection);
    pairs.set(role.init, other.init);
    if (role.start) pairs.set(role.start, other.start);
    for (const [operation, { run }] of Object.entries(role.operations ?? {})) {
      pairs.set(run, other.operations?.[operation].run);
    }
  }
  return pairs;
}

/** The functions that only read the nodes, with their variants. */
function readerPairs(plain: Protocol, variant: Protocol): Map<unknown, unknown> {
  const pairs = new Map<unknown, unknown>(drawingPairs(plain, variant));
  for (const [name, { check, when, remember }] of Object.entries(plain.invariants)) {
    pairs.set(check, variant.invariants[name].check);
    if (when) pairs.set(when, variant.invariants[name].when);
    if (remember) pairs.set(remember, variant.invariants[name].remember);
  }
  for (const [name, { look, remember }] of Object.entries(plain.derivedEvents ?? {})) {
    pairs.set(look, variant.derivedEvents?.[name].look);
    if (remember) pairs.set(remember, variant.derivedEvents?.[name].remember);
  }
  return pairs;
}

/** The functions that only draw: `refuses`, `look`, summaries and the like, with their variants. */
function drawingPairs(plain: Protocol, variant: Protocol): [unknown, unknown][] {
  const pairs: [unknown, unknown][] = [
    [plain.refuses, variant.refuses], [plain.isHeartbeat, variant.isHeartbeat],
  ];
  for (const [name, { look, summary = {} }] of Object.entries(plain.roles)) {
    const other = variant.roles[name];
    pairs.push([look, other.look]);
    for (const part of ['messages', 'events'] as const) {
      for (const [kind, words] of Object.entries(summary[part] ?? {})) {
        pairs.push([words, (other.summary?.[part] as Record<string, unknown> | undefined)?.[kind]]);
      }
    }
  }
  for (const [name, { summary }] of Object.entries(plain.derivedEvents ?? {})) {
    if (summary) pairs.push([summary, variant.derivedEvents?.[name].summary]);
  }
  return pairs;
}
