/** Editions of a protocol's code: plain to run, instrumented to be stepped through. */
import type { Protocol, Role } from '../protocol/types.ts';
import { type FunctionSite, Instrumented, type Site, type Wanted } from './instrument.ts';
import { evaluate, type Modules } from './modules.ts';
import { beginningsMost, Recorder } from './recorder.ts';

/** Handlers to run in place of the plain ones, and who hears what they come to. */
export interface Edition {
  readonly recorder: Recorder;
  readonly handlers: ReadonlyMap<unknown, unknown>;
}

/** Made when somebody looks: plain code pays nothing for it. */
export class Editions {
  private known: Instrumented[] | undefined;
  private knownWhole: Edition | undefined;
  private knownPart: { readonly key: string; readonly edition: Edition } | undefined;
  private allSites: Site[] | undefined;
  private allFunctions: FunctionSite[] | undefined;
  private readonly handlers = new Map<unknown, FunctionSite | undefined>();

  constructor(
    private readonly modules: Modules,
    private readonly entry: string,
    private readonly plain: Protocol,
    private readonly find: (exported: Record<string, unknown>) => Protocol,
  ) {}

  /** All places where one can stand, by their numbers. */
  get sites(): readonly Site[] {
    return (this.allSites ??= this.all.flatMap(({ sites }) => sites));
  }

  get functions(): readonly FunctionSite[] {
    return (this.allFunctions ??= this.all.flatMap(({ functions }) => functions));
  }

  /** The edition that tells of every statement. */
  get whole(): Edition {
    return (this.knownWhole ??= this.make(this.all));
  }

  /** The edition that tells of these sites alone, and runs the rest as it is. */
  part(sites: ReadonlySet<number>): Edition {
    const key = [...sites].sort((a, b) => a - b).join();
    if (this.knownPart?.key !== key) {
      const counts = !this.modules.origin.isBuiltIn;
      const edition = this.make(instrumented(this.modules, { sites, counts }));
      this.knownPart = { key, edition };
    }
    return this.knownPart!.edition;
  }

  /** The function that a handler is; the edition of it says so in its text. */
  functionOf(handler: unknown): FunctionSite | undefined {
    if (!this.handlers.has(handler)) this.handlers.set(handler, this.findFunction(handler));
    return this.handlers.get(handler);
  }

  private findFunction(handler: unknown): FunctionSite | undefined {
    const edition = this.whole.handlers.get(handler);
    if (typeof edition !== 'function') return undefined;
    const text = Function.prototype.toString.call(edition);
    const number = /\$\$\.(?:enter|whole)\((\d+)/.exec(text)?.[1];
    return number === undefined ? undefined : this.functions[Number(number)];
  }

  private get all(): Instrumented[] {
    const counts = !this.modules.origin.isBuiltIn;
    return (this.known ??= instrumented(this.modules, { sites: 'all', counts }));
  }

  private make(files: readonly Instrumented[]): Edition {
    const recorder = new Recorder();
    const protocol = this.find(run(this.modules, this.entry, files, recorder));
    return { recorder, handlers: handlersBeside(this.plain, protocol) };
  }
}

/** Runs the modules of a workspace with a bound on how long one handler may take. */
export function evaluateBounded(modules: Modules, entry: string) {
  const recorder = new Recorder();
  const files = instrumented(modules, { sites: new Set(), counts: true });
  return { exported: run(modules, entry, files, recorder), recorder };
}

function run(
  modules: Modules,
  entry: string,
  files: readonly Instrumented[],
  recorder: Recorder,
): Record<string, unknown> {
  const codes = new Map([...modules.texts.keys()].map((file, i) => [file, files[i].code]));
  return evaluate(modules, entry, ({ file }) => codes.get(file)!, recorder);
}

function instrumented({ texts }: Modules, wanted: Wanted): Instrumented[] {
  let sites = 0;
  let functions = 0;
  return [...texts.values()].map((text) => {
    const file = new Instrumented(text, wanted, sites, functions);
    sites += file.sites.length;
    functions += file.functions.length;
    return file;
  });
}

/** The same protocol, each of its functions with a fresh bound when it is called. */
export function bounded(protocol: Protocol, recorder: Recorder): Protocol {
  const wrap = <Code>(code: Code): Code => {
    if (typeof code !== 'function') return code;
    const wrapped = (...given: unknown[]) => {
      recorder.left = beginningsMost;
      return (code as unknown as (...given: unknown[]) => unknown)(...given);
    };
    return wrapped as Code;
  };
  const each = <Part extends object>(parts: Part, change: (one: Part[keyof Part]) => unknown) =>
    Object.fromEntries(
      Object.entries(parts).map(([name, one]) => [name, change(one as Part[keyof Part])]),
    ) as Part;
  const roleOf = (role: Role<any>): Role<any> => ({
    ...each(role, wrap),
    messages: each(role.messages, wrap),
    timers: each(role.timers, wrap),
    ...(role.operations ? { operations: each(role.operations, (one) => each(one, wrap)) } : {}),
  });
  return {
    ...each(protocol, wrap),
    roles: each(protocol.roles, roleOf),
    invariants: each(protocol.invariants, (one) => each(one, wrap)),
    ...(protocol.facts ? { facts: each(protocol.facts, (one) => each(one, wrap)) } : {}),
  };
}

/** The handlers of one edition by those of another. */
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
    if (role.start) pairs.set(role.start, twin.start);
    for (const [operation, { run }] of Object.entries(role.operations ?? {})) {
      pairs.set(run, twin.operations?.[operation].run);
    }
  }
  return pairs;
}
