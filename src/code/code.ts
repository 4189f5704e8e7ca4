/** Loads protocols from source: strips types, checks, runs the modules, and finds the protocol. */
import type { Protocol } from '../protocol/types.ts';
import { type ColumnOf, thrownAt } from './call-stack.ts';
import { bySource, CodeFault } from './code-fault.ts';
import { importFaults } from './check/import-check.ts';
import { checkedProtocol, protocolIn } from './check/protocol-check.ts';
import { sourceFaults } from './check/source-check.ts';
import { guardProtocol } from './limits/guarded-protocol.ts';
import { columnsBefore, evaluate, loadFault, type Modules } from './load/modules.ts';
import { mayUsePatterns } from './load/pattern-use.ts';
import { patternsFile, withPatterns } from './pattern-sources.ts';
import { countedModules } from './record/instrumented-modules.ts';
import { Recorder } from './record/recorder.ts';
import { Variants } from './record/variants.ts';
import { strip, type Stripped } from './transform/strip.ts';

/** A protocol together with its source. */
export interface Code {
  readonly protocol: Protocol;
  /** Why the debugger cannot step through its lines; undefined if it can. */
  readonly whyNoLines?: string;
  /** Its files by name, that of the protocol first; `patternsFile` is one if it uses a pattern. */
  readonly files: ReadonlyMap<string, string>;
  /** The folder of these files, for a protocol of the workspace. */
  readonly root?: string;
  /** Its instrumented variants; undefined if its lines cannot be stepped through. */
  readonly variants?: Variants;
  /** The column in the source of a place in a call stack. */
  readonly columnOf: ColumnOf;
}

/**
 * Loads the built-in protocol named `name` from its file `entry` and what that imports. Built-in
 * code is trusted: it is neither checked nor counted, so that it runs at full speed.
 */
export function loadBuiltIn(
  own: ReadonlyMap<string, string>,
  entry: string,
  name: string,
): Code {
  const sources = withPatterns(own);
  const modules: Modules = { files: new StrippedFiles(sources), isBuiltIn: true };
  const find = (exported: Record<string, unknown>): Protocol => {
    const found = Object.values(exported) as Partial<Protocol>[];
    const protocol = found.find((one) => one?.name === name && one.roles) as Protocol | undefined;
    if (protocol === undefined) throw new Error(`${entry} exports no protocol named ${name}`);
    return protocol;
  };
  const protocol = find(evaluate(modules, entry));
  const variants = new Variants(modules, entry, protocol, find);
  const columnOf = columnsOf(modules, (file) => modules.files.get(file));
  return { protocol, files: sourcesOf(modules, sources), variants, columnOf };
}

/**
 * Loads a protocol of the workspace from the text of its file and of all files that it imports,
 * by name. Throws a `CodeFault` with all its faults if it is not a protocol or cannot run.
 */
export function loadProtocol(
  own: ReadonlyMap<string, string>,
  entry: string,
  root?: string,
): Code {
  const parts = loadInParts(own, entry, root);
  for (;;) {
    const next = parts.next();
    if (next.done) return next.value;
  }
}

/** What comes next while a protocol loads. */
export type CodePart =
  | { readonly type: 'check'; readonly file: string }
  /** All modules are instrumented and run. */
  | { readonly type: 'run'; readonly file: string };

/** The same, in parts: yields each before it begins, so that its caller can report or give up. */
export function* loadInParts(
  own: ReadonlyMap<string, string>,
  entry: string,
  root?: string,
): Generator<CodePart, Code> {
  const sources = withPatterns(own);
  const modules: Modules = { files: new StrippedFiles(sources), isBuiltIn: false };
  let columnOf: ColumnOf = ({ column }) => column;
  try {
    const files = [...own.keys()];
    const faults: CodeFault[] = [];
    for (const file of files) {
      yield { type: 'check', file };
      faults.push(...sourceFaults(() => modules.files.get(file)!));
    }
    faults.push(...importFaults(modules.files, files));
    if (faults.length > 0) throw CodeFault.of(faults.toSorted(bySource(files)));
    // Modules are instrumented before they run, so those that will run must be known by now.
    if ([...modules.files.values()].some(mayUsePatterns)) {
      modules.files.get(patternsFile);
    }
    yield { type: 'run', file: entry };
    const recorder = new Recorder();
    const counted = countedModules(modules);
    columnOf = columnsOf(modules, counted.columnOf);
    const exported = counted.evaluate(entry, recorder);
    const found = checkedProtocol(exported, modules.files.get(entry)!);
    const protocol = guardProtocol(found, { meter: recorder, ...counted });
    const variants = new Variants(modules, entry, protocol, (again) => protocolIn(again)!);
    const where = root === undefined ? {} : { root };
    const code = { protocol, files: sourcesOf(modules, sources), variants, columnOf, ...where };
    loaded.set(protocol, code);
    return code;
  } catch (error) {
    throw loadFault(error, entry, (stack) => thrownAt({ columnOf }, stack));
  }
}

const loaded = new WeakMap<Protocol, Code>();

/** The code of a protocol of the workspace; undefined for a built-in one. */
export function workspaceCode(protocol: Protocol): Code | undefined {
  return loaded.get(protocol);
}

/** A protocol without its source: it runs, but its lines cannot be stepped through. */
export function codeWithoutLines(protocol: Protocol, whyNoLines: string): Code {
  return { protocol, files: new Map(), whyNoLines, columnOf: ({ column }) => column };
}

function columnsOf(
  modules: Modules,
  codeOf: (file: string) => Pick<Stripped, 'columnOf'> | undefined,
): ColumnOf {
  const before = columnsBefore(modules);
  return ({ file, line, column }) => {
    const own = line === 1 ? column - before : column;
    return codeOf(file)?.columnOf(line, Math.max(0, own - 1)) ?? column;
  };
}

/** The files of a protocol. The types of each are stripped when it is first read. */
class StrippedFiles extends Map<string, Stripped> {
  constructor(private readonly sources: ReadonlyMap<string, string>) {
    super();
  }

  override get(file: string): Stripped | undefined {
    const source = this.sources.get(file);
    if (source === undefined) return undefined;
    if (!this.has(file)) this.set(file, strip(file, source));
    return super.get(file);
  }
}

/** The sources of the modules that were read, the entry first. */
function sourcesOf({ files }: Modules, sources: ReadonlyMap<string, string>) {
  return new Map([...files.keys()].map((file) => [file, sources.get(file)!]));
}
