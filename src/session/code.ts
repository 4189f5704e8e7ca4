/** A protocol's source as code that runs: types stripped, every line kept, functions by place. */
import { type Node, parse } from 'acorn';
import type { Protocol } from '../protocol/types.ts';
import { codeRoot, evaluate, evaluationFault } from './modules.ts';
import { checkSource, protocolIn } from './protocol-check.ts';
import { strip, type Stripped } from './strip.ts';
import { nameOf, type Tree, visit } from './syntax.ts';

export { codeRoot };

/** A function of a source, with lines counted from 1. */
export interface FunctionPlace {
  readonly file: string;
  readonly name: string;
  /** Where it is declared, where its first statement stands, where it is closed. */
  readonly line: number;
  readonly firstLine: number;
  readonly endLine: number;
  /** Calls whose effect can be seen from outside: what they do, and to which event or message. */
  readonly calls: readonly VisibleCall[];
}

export interface VisibleCall {
  readonly line: number;
  readonly kind: 'event' | 'send' | 'reply' | 'fail';
}

/** A protocol whose functions know the lines from which they came. */
export interface Code {
  readonly protocol: Protocol;
  /** Why its lines are not known, where they are not. */
  readonly unknown?: string;
  /** Its own files, the protocol's first: name → source text. */
  readonly files: ReadonlyMap<string, string>;
  /** Where these files stand, for a protocol of the workspace. */
  readonly root?: string;
  /** Found when first asked for. */
  readonly functions: readonly FunctionPlace[];
  /** The place of a handler, by the function itself. */
  placeOf(handler: unknown): FunctionPlace | undefined;
}

/** Runs `entry` and what it imports, found in `files` by name, for the protocol named `name`. */
export function loadCode(files: ReadonlyMap<string, string>, entry: string, name: string): Code {
  const texts = new LazyTexts(files);
  const exported = evaluate({ texts, origin: { isBuiltIn: true } }, entry);
  const found = Object.values(exported) as Partial<Protocol>[];
  const protocol = found.find((one) => one?.name === name && one.roles) as Protocol | undefined;
  if (protocol === undefined) throw new Error(`${entry} exports no protocol named ${name}`);
  return codeOf(protocol, files, texts);
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
  const texts = new LazyTexts(files);
  let exported: Record<string, unknown>;
  try {
    for (const file of files.keys()) checkSource(texts.get(file)!);
    exported = evaluate({ texts, origin: { isBuiltIn: false } }, entry);
  } catch (error) {
    throw evaluationFault(error, entry, (stack) => codeLines(stack)[0]);
  }
  const protocol = protocolIn(exported, entry);
  return codeOf(protocol, files, texts, root);
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

function codeOf(
  protocol: Protocol,
  files: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, Stripped>,
  root?: string,
): Code {
  let known: Found[] | undefined;
  const found = () =>
    (known ??= [...texts].flatMap(([file, { code }]) => functionsOf(file, code)));
  return {
    protocol,
    ...(root === undefined ? {} : { root }),
    files: new Map([...texts.keys()].map((file) => [file, files.get(file)!])),
    get functions() {
      return found().map(({ place }) => place);
    },
    placeOf: lookup(texts, found),
  };
}

/** The code of a protocol without its source: it runs, and no line of it is known. */
export function codeWithoutLines(protocol: Protocol, why: string): Code {
  return { protocol, files: new Map(), functions: [], placeOf: () => undefined, unknown: why };
}

interface Found {
  readonly place: FunctionPlace;
  /** Where its text begins in the stripped source, as `toString` gives it. */
  readonly start: number;
}

function lookup(
  texts: ReadonlyMap<string, Stripped>,
  found: () => readonly Found[],
): Code['placeOf'] {
  const known = new Map<unknown, FunctionPlace | undefined>();
  return (handler) => {
    if (typeof handler !== 'function') return undefined;
    if (known.has(handler)) return known.get(handler);
    const text = Function.prototype.toString.call(handler);
    let place: FunctionPlace | undefined;
    for (const [file, { code }] of texts) {
      const start = code.indexOf(text);
      place ??= found().find((one) => one.start === start && one.place.file === file)?.place;
    }
    known.set(handler, place);
    return place;
  };
}

function functionsOf(file: string, stripped: string): Found[] {
  const tree = parse(stripped, {
    ecmaVersion: 2022,
    sourceType: 'script',
    locations: true,
  }) as Node;
  const found: Found[] = [];
  visit(tree as Tree, undefined, (node, parent) => {
    if (!/Function/.test(node.type)) return;
    const isMethod = parent?.type === 'Property' && (parent.method as boolean);
    const body = node.body as Tree;
    const first = body.type === 'BlockStatement' ? ((body.body as Tree[])[0] ?? body) : body;
    found.push({
      start: isMethod ? parent!.start : node.start,
      place: {
        file,
        name: nameOf(node, parent),
        line: node.loc!.start.line,
        firstLine: first.loc!.start.line,
        endLine: node.loc!.end.line,
        calls: callsIn(body),
      },
    });
  });
  return found;
}

function callsIn(body: Tree): VisibleCall[] {
  const calls: VisibleCall[] = [];
  visit(body, undefined, (node) => {
    const callee = node.callee as Tree | undefined;
    if (node.type !== 'CallExpression' || callee?.type !== 'MemberExpression') return;
    const kind = (callee.property as Tree).name as VisibleCall['kind'];
    if (!['event', 'send', 'reply', 'fail'].includes(kind)) return;
    calls.push({ line: (callee.property as Tree).loc!.start.line, kind });
  });
  return calls;
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
    const name = (match[1] ?? '').replace(/ \[as .*\]$/, '').replace(/^.*[. ]/, '');
    const [line, column] = [Number(match[3]), Number(match[4])];
    lines.push({ function: name || 'function', file: decodeURI(match[2]), line, column });
  }
  return lines;
}
