/** A protocol's source as code that runs: types stripped, every line kept, functions by place. */
import { type Node, parse } from 'acorn';
import { transform } from 'sucrase';
import * as define from '../protocol/define.ts';
import * as units from '../protocol/units.ts';
import type { Protocol } from '../protocol/types.ts';

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
  /** Found when first asked for. */
  readonly functions: readonly FunctionPlace[];
  /** The place of a handler, by the function itself. */
  placeOf(handler: unknown): FunctionPlace | undefined;
}

/** What stands before a file's name in call stacks. */
export const codeRoot = 'lockstep:/protocols/';

/** The modules that a protocol may import, by the end of their path without extension. */
const words: Readonly<Record<string, unknown>> = {
  'protocol/define': define,
  'protocol/units': units,
  'protocol/types': {},
};

interface Module {
  readonly exports: Record<string, unknown>;
  readonly stripped: string;
}

/** Runs `entry` and what it imports, found in `files` by name, for the protocol named `name`. */
export function loadCode(files: ReadonlyMap<string, string>, entry: string, name: string): Code {
  const modules = new Map<string, Module>();
  const main = load(entry, files, modules);
  const exported = Object.values(main.exports) as Partial<Protocol>[];
  const protocol = exported.find((one) => one?.name === name && one.roles) as Protocol | undefined;
  if (protocol === undefined) throw new Error(`${entry} exports no protocol named ${name}`);
  let known: Found[] | undefined;
  const found = () =>
    (known ??= [...modules].flatMap(([file, { stripped }]) => functionsOf(file, stripped)));
  return {
    protocol,
    files: new Map([...modules.keys()].map((file) => [file, files.get(file)!])),
    get functions() {
      return found().map(({ place }) => place);
    },
    placeOf: lookup(modules, found),
  };
}

/** The code of a protocol without its source: it runs, and no line of it is known. */
export function codeWithoutLines(protocol: Protocol, why: string): Code {
  return { protocol, files: new Map(), functions: [], placeOf: () => undefined, unknown: why };
}

function load(
  file: string,
  files: ReadonlyMap<string, string>,
  modules: Map<string, Module>,
): Module {
  const known = modules.get(file);
  if (known) return known;
  const source = files.get(file);
  if (source === undefined) throw new Error(`a protocol imports ${file}, which is not there`);
  const stripped = transform(source, {
    transforms: ['typescript', 'imports'],
    disableESTransforms: true,
    filePath: file,
  }).code;
  const module: Module = { exports: {}, stripped };
  modules.set(file, module);
  const imported = (request: string): unknown => {
    const name = request.replace(/\.ts$/, '');
    const word = Object.keys(words).find((one) => name.endsWith(one));
    if (word) return words[word];
    return load(resolve(file, request), files, modules).exports;
  };
  // Indirect, so that the code sees globals alone; on the first line, so that lines stay.
  // oxlint-disable-next-line no-eval -- a protocol is code, and this is how its lines are known
  const evaluate = eval;
  const run = evaluate(
    '(function(require, exports) {' + stripped + `\n})\n//# sourceURL=${codeRoot}${file}`,
  );
  run(imported, module.exports);
  return module;
}

function resolve(from: string, request: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of request.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  const file = parts.join('/');
  return file.endsWith('.ts') ? file : `${file}.ts`;
}

interface Found {
  readonly place: FunctionPlace;
  /** Where its text begins in the stripped source, as `toString` gives it. */
  readonly start: number;
}

function lookup(
  modules: ReadonlyMap<string, Module>,
  found: () => readonly Found[],
): Code['placeOf'] {
  const known = new Map<unknown, FunctionPlace | undefined>();
  return (handler) => {
    if (typeof handler !== 'function') return undefined;
    if (known.has(handler)) return known.get(handler);
    const text = Function.prototype.toString.call(handler);
    let place: FunctionPlace | undefined;
    for (const [file, { stripped }] of modules) {
      const start = stripped.indexOf(text);
      place ??= found().find((one) => one.start === start && one.place.file === file)?.place;
    }
    known.set(handler, place);
    return place;
  };
}

type Tree = Node & Record<string, unknown>;

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

function nameOf(node: Tree, parent: Tree | undefined): string {
  const id = (node.id ?? (parent?.type === 'Property' ? parent.key : parent?.id)) as
    Tree | undefined;
  return String(id?.name ?? id?.value ?? 'function');
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

function visit(
  node: Tree,
  parent: Tree | undefined,
  each: (node: Tree, parent?: Tree) => void,
): void {
  each(node, parent);
  for (const key in node) {
    const part = node[key];
    const parts: unknown[] = Array.isArray(part) ? part : [part];
    for (const one of parts) if (isTree(one)) visit(one, node, each);
  }
}

function isTree(part: unknown): part is Tree {
  return typeof part === 'object' && part !== null && typeof (part as Tree).type === 'string';
}

/** A line of a protocol's source in a call stack. */
export interface CodeLine {
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

// V8 writes `at name (lockstep:/protocols/raft.ts:12:5)`; other engines `name@lockstep:/…:12:5`.
const stackLine = /^\s*(?:at )?(?:(.*?)\s*[(@])?lockstep:\/protocols\/([^:]+):(\d+):\d+\)?$/;

/** The lines of protocol sources in a call stack, innermost first. */
export function codeLines(stack: string): CodeLine[] {
  const lines: CodeLine[] = [];
  for (const text of stack.split('\n')) {
    const match = stackLine.exec(text);
    if (!match) continue;
    const name = (match[1] ?? '').replace(/ \[as .*\]$/, '').replace(/^.*[. ]/, '');
    lines.push({ function: name || 'function', file: match[2], line: Number(match[3]) });
  }
  return lines;
}
