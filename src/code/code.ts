/** A protocol's source as code that runs: types stripped, every line kept, functions by place. */
import type { Protocol } from '../protocol/types.ts';
import { bounded } from './run/bounded.ts';
import { Variants } from './run/variants.ts';
import { boundedModules } from './run/instrumented-modules.ts';
import {
  codeRoot,
  columnsBefore,
  evaluate,
  evaluationFault,
  type Modules,
} from './load/modules.ts';
import { checkImports } from './load/imports.ts';
import { checkedProtocol, protocolIn } from './check/protocol-check.ts';
import { Recorder } from './run/recorder.ts';
import { checkSource } from './check/source-check.ts';
import { strip, type Stripped } from './transform/strip.ts';

export { codeRoot };

/** A protocol whose functions know the lines from which they came. */
export interface Code {
  readonly protocol: Protocol;
  /** Why its lines are not known, where they are not. */
  readonly unknown?: string;
  /** Its own files, the protocol's first: name → source text. */
  readonly files: ReadonlyMap<string, string>;
  /** Where these files stand, for a protocol of the workspace. */
  readonly root?: string;
  /** How its lines are stepped through; absent where they are not known. */
  readonly variants?: Variants;
  /** The column in a source of one in a call stack; both from 1. */
  readonly columnOf: ColumnOf;
}

type ColumnOf = (place: { file: string; line: number; column: number }) => number;

/** Runs `entry` and what it imports, found in `files` by name, for the protocol named `name`. */
export function loadCode(files: ReadonlyMap<string, string>, entry: string, name: string): Code {
  const modules = { texts: new LazyTexts(files), origin: { isBuiltIn: true } };
  const find = (exported: Record<string, unknown>): Protocol => {
    const found = Object.values(exported) as Partial<Protocol>[];
    const protocol = found.find((one) => one?.name === name && one.roles) as Protocol | undefined;
    if (protocol === undefined) throw new Error(`${entry} exports no protocol named ${name}`);
    return protocol;
  };
  const protocol = find(evaluate(modules, entry));
  const variants = new Variants(modules, entry, protocol, find);
  const columnOf = columnsOf(modules, (file) => modules.texts.get(file));
  return { protocol, files: textsOf(modules, files), variants, columnOf };
}

/**
 * A protocol of the workspace from the texts of its files, by name: the entry and what it imports.
 * Throws a `CodeFault` where it cannot be run, or is no protocol.
 */
export function loadProtocol(
  files: ReadonlyMap<string, string>,
  entry: string,
  root?: string,
): Code {
  const modules = { texts: new LazyTexts(files), origin: { isBuiltIn: false } };
  let columnOf: ColumnOf = ({ column }) => column;
  try {
    for (const file of files.keys()) checkSource(modules.texts.get(file)!);
    checkImports(modules.texts, files.keys());
    const recorder = new Recorder();
    const own = boundedModules(modules);
    columnOf = columnsOf(modules, own.columnOf);
    const exported = own.evaluate(entry, recorder);
    const found = checkedProtocol(exported, modules.texts.get(entry)!);
    const protocol = bounded(found, recorder, own.placeOf);
    const variants = new Variants(modules, entry, protocol, (again) => protocolIn(again)!);
    const where = root === undefined ? {} : { root };
    return { protocol, files: textsOf(modules, files), variants, columnOf, ...where };
  } catch (error) {
    throw evaluationFault(error, entry, (stack) => calls(stack, columnOf)[0]);
  }
}

/** How columns of call stacks are found again, given what was made of each file. */
function columnsOf(
  { origin }: Modules,
  of: (file: string) => Pick<Stripped, 'columnOf'> | undefined,
): ColumnOf {
  const before = columnsBefore(origin);
  return ({ file, line, column }) => {
    const own = line === 1 ? column - before : column;
    return of(file)?.columnOf(line, Math.max(0, own - 1)) ?? column;
  };
}

/** The texts of modules, their types taken out when they are first asked for. */
class LazyTexts extends Map<string, Stripped> {
  constructor(private readonly files: ReadonlyMap<string, string>) {
    super();
  }

  override get(file: string): Stripped | undefined {
    const source = this.files.get(file);
    if (source === undefined) return undefined;
    if (!this.has(file)) this.set(file, strip(file, source));
    return super.get(file);
  }
}

/** The sources of those that were imported, the entry first. */
function textsOf({ texts }: Modules, files: ReadonlyMap<string, string>) {
  return new Map([...texts.keys()].map((file) => [file, files.get(file)!]));
}

/** The code of a protocol without its source: it runs, and no line of it is known. */
export function codeWithoutLines(protocol: Protocol, why: string): Code {
  return { protocol, files: new Map(), unknown: why, columnOf: ({ column }) => column };
}

/** A line of a protocol's source in a call stack. */
export interface CodeLine {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

// V8 writes `at name (lockstep:/protocols/raft.ts:12:5)`; other engines `name@lockstep:/…:12:5`.
const stackLine = /^\s*(?:at )?(?:(.*?)\s*[(@])?lockstep:\/protocols\/([^:]+):(\d+):(\d+)\)?$/;

/** The lines of protocol sources in a call stack, innermost first. */
export function codeLines(stack: string): CodeLine[] {
  const lines: CodeLine[] = [];
  for (const text of stack.split('\n')) {
    const match = stackLine.exec(text);
    if (!match) continue;
    // What V8 calls so is the module itself.
    const called = match[1] === 'eval' ? 'module' : (match[1] ?? '');
    const name = called.replace(/ \[as .*\]$/, '').replace(/^.*[. ]/, '');
    const [line, column] = [Number(match[3]), Number(match[4])];
    lines.push({ function: name || 'function', file: decodeURI(match[2]), line, column });
  }
  return lines;
}

/** The calls of a stack at their places in the sources of a protocol, innermost first. */
export function sourceCalls({ columnOf }: Code, stack: string): CodeLine[] {
  return calls(stack, columnOf);
}

function calls(stack: string, columnOf: ColumnOf): CodeLine[] {
  return codeLines(stack).map((line) => ({ ...line, column: columnOf(line) }));
}
