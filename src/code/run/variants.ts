/** Variants of a protocol's code: plain to run, instrumented to be stepped through. */
import type { Protocol } from '../../protocol/types.ts';
import { bounded } from './bounded.ts';
import { type FunctionSite, hooks, type Instrumented, type Site } from '../transform/instrument.ts';
import { instrumented, placesIn, run } from './instrumented-modules.ts';
import type { Modules } from '../load/modules.ts';
import { Recorder } from './recorder.ts';

/** Functions to run in place of the plain ones, and who hears what they come to. */
export interface Variant {
  readonly recorder: Recorder;
  /** Those that nodes run. */
  readonly handlers: ReadonlyMap<unknown, unknown>;
  /** These, the invariants and derived events, and what is asked to draw with. */
  readonly codes: ReadonlyMap<unknown, unknown>;
  /** The same as they are written: what runs may be held to more. */
  readonly texts: ReadonlyMap<unknown, unknown>;
}

/** What is looked at after each step. */
export interface Property {
  readonly kind: 'invariant' | 'derived event';
  readonly name: string;
}

const enterings = new RegExp(`${hooks.replaceAll('$', '\\$')}\\.(?:enter|whole)\\((\\d+)`, 'g');

/** Made when somebody looks: plain code pays nothing for it. */
export class Variants {
  private known: Instrumented[] | undefined;
  private knownWhole: Variant | undefined;
  private knownPart: { readonly key: string; readonly variant: Variant } | undefined;
  private allSites: Site[] | undefined;
  private allFunctions: FunctionSite[] | undefined;
  private readonly numbers = new Map<unknown, number>();
  private knownProperties: Map<number, Property> | undefined;

  constructor(
    private readonly modules: Modules,
    private readonly entry: string,
    private readonly plain: Protocol,
    private readonly find: (exported: Record<string, unknown>) => Protocol,
  ) {}

  /** Makes what stepping needs, which takes a moment, before somebody steps. */
  prepare(): void {
    void this.whole;
  }

  abandon(): void {
    this.knownWhole?.recorder.abandon();
    this.knownPart?.variant.recorder.abandon();
  }

  /** All places where one can stand, by their numbers. */
  get sites(): readonly Site[] {
    return (this.allSites ??= this.all.flatMap(({ sites }) => sites));
  }

  get functions(): readonly FunctionSite[] {
    return (this.allFunctions ??= this.all.flatMap(({ functions }) => functions));
  }

  /** The variant that tells of every statement. */
  get whole(): Variant {
    return (this.knownWhole ??= this.make(this.all));
  }

  /** The variant that tells of these sites alone, and runs the rest as it is. */
  part(sites: ReadonlySet<number>): Variant {
    const key = [...sites].sort((a, b) => a - b).join();
    if (this.knownPart?.key !== key) {
      const counts = !this.modules.origin.isBuiltIn;
      const variant = this.make(instrumented(this.modules, { sites, counts }));
      this.knownPart = { key, variant };
    }
    return this.knownPart!.variant;
  }

  /** The function that a handler is; the variant of it says so in its text. */
  functionOf(handler: unknown): FunctionSite | undefined {
    return this.functions[this.numberOf(handler)];
  }

  /** Its number; −1 where it is no function of these sources. */
  private numberOf(code: unknown): number {
    let number = this.numbers.get(code);
    if (number === undefined) {
      const variant = this.whole.texts.get(code);
      const text = typeof variant === 'function' ? Function.prototype.toString.call(variant) : '';
      // Functions within it have higher numbers, those of its parameters too.
      const found = [...text.matchAll(enterings)].map(([, digits]) => Number(digits));
      number = found.length === 0 ? -1 : Math.min(...found);
      this.numbers.set(code, number);
    }
    return number;
  }

  /** The invariant or derived event whose code a function is, by its number. */
  propertyOf(number: number): Property | undefined {
    return (this.knownProperties ??= this.findProperties()).get(number);
  }

  /** The function that a site is in, where it only says how something is drawn. */
  drawing(site: Site): string | undefined {
    const looks = Object.values(this.plain.roles).map(({ look }) => look);
    const around = ({ file, line, endLine }: FunctionSite) =>
      file === site.file && line <= site.line && site.line <= endLine;
    const inner = this.functions[site.function];
    return [...looks, this.plain.refuses]
      .flatMap((code) => (code && this.functionOf(code)) ?? [])
      .find((code) => around(code) && (inner === code || inner.line > code.line))?.name;
  }

  private findProperties(): Map<number, Property> {
    const found = new Map<number, Property>();
    const note = (kind: Property['kind'], name: string, codes: readonly unknown[]) => {
      for (const code of codes) found.set(this.numberOf(code), { kind, name });
    };
    const { invariants, derivedEvents = {} } = this.plain;
    for (const [name, { check, remember }] of Object.entries(invariants)) {
      note('invariant', name, [check, remember]);
    }
    for (const [name, { look, remember }] of Object.entries(derivedEvents)) {
      note('derived event', name, [look, remember]);
    }
    return found;
  }

  private get all(): Instrumented[] {
    const counts = !this.modules.origin.isBuiltIn;
    return (this.known ??= instrumented(this.modules, { sites: 'all', counts }));
  }

  private make(files: readonly Instrumented[]): Variant {
    const recorder = new Recorder();
    const written = this.find(run(this.modules, this.entry, files, recorder));
    const protocol = this.modules.origin.isBuiltIn
      ? written
      : bounded(written, recorder, placesIn(this.modules, files));
    return {
      recorder,
      handlers: handlersBeside(this.plain, protocol),
      codes: codesBeside(this.plain, protocol),
      texts: codesBeside(this.plain, written),
    };
  }
}

function codesBeside(plain: Protocol, other: Protocol): Map<unknown, unknown> {
  return new Map([...handlersBeside(plain, other), ...othersBeside(plain, other)]);
}

/** The handlers of one variant by those of another. */
function handlersBeside(plain: Protocol, other: Protocol): Map<unknown, unknown> {
  const pairs = new Map<unknown, unknown>();
  const pair = (one: object | undefined, two: object | undefined) => {
    for (const [name, code] of Object.entries(one ?? {})) {
      pairs.set(code, (two as Record<string, unknown> | undefined)?.[name]);
    }
  };
  for (const [name, role] of Object.entries(plain.roles)) {
    const twin = other.roles[name];
    pair(role.messages, twin.messages);
    pair(role.timers, twin.timers);
    pairs.set(role.init, twin.init);
    if (role.start) pairs.set(role.start, twin.start);
    for (const [operation, { run }] of Object.entries(role.operations ?? {})) {
      pairs.set(run, twin.operations?.[operation].run);
    }
  }
  return pairs;
}

/** The same of what nodes do not run. */
function othersBeside(plain: Protocol, other: Protocol): Map<unknown, unknown> {
  const pairs = new Map<unknown, unknown>([[plain.refuses, other.refuses]]);
  for (const [name, { look }] of Object.entries(plain.roles)) {
    pairs.set(look, other.roles[name].look);
  }
  for (const [name, { check, remember }] of Object.entries(plain.invariants)) {
    pairs.set(check, other.invariants[name].check);
    if (remember) pairs.set(remember, other.invariants[name].remember);
  }
  for (const [name, { look, remember }] of Object.entries(plain.derivedEvents ?? {})) {
    pairs.set(look, other.derivedEvents?.[name].look);
    if (remember) pairs.set(remember, other.derivedEvents?.[name].remember);
  }
  return pairs;
}
