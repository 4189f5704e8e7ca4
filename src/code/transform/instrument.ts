/** Puts calls before the statements of a source, so that who steps through it hears of each. */
import { isGenerated, keptNames } from './generated.ts';
import type { Stripped } from './strip.ts';
import { moduleNames } from './module-names.ts';
import { declaredIn, namesOf, parameterNames, variablesOf } from './names-in-scope.ts';
import { isFunction, nameOf, parsed, partsOf, type Tree } from './syntax.ts';

/** A place where one can stand: before a statement, a test of a loop, the body of an arrow. */
export interface Site {
  readonly id: number;
  readonly file: string;
  /** Both from 1, in the source. */
  readonly line: number;
  readonly column: number;
  /** The function around it, by its number. */
  readonly function: number;
  /** The names that can be read there: the local ones, then those of the module. */
  readonly names: readonly string[];
  /** How many of them are local. */
  readonly locals: number;
}

/** A function of a source. */
export interface FunctionSite {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  /** Where its closing brace stands; both from 1. */
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Wanted {
  /** The sites that are to be heard of. */
  readonly sites: 'all' | ReadonlySet<number>;
  /** Whether loops and functions count how often they begin. */
  readonly counts: boolean;
}

/** Names that no source has by chance: the hooks, a call that is under way, what was thrown. */
export const hooks = '$$lockstep';
const call = '$$call';
const error = '$$error';

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** How many characters it replaces. */
  readonly instead?: number;
}

/** Sites and functions are numbered in the order of the source, whatever is wanted. */
export class Instrumented {
  readonly sites: Site[] = [];
  readonly functions: FunctionSite[] = [];
  readonly code: string;
  private readonly insertions: Insertion[] = [];
  private sorted: Insertion[] = [];
  /** Where each line begins in the code without insertions. */
  private starts: number[] | undefined;
  private function = -1;
  private readonly outside: ReadonlyMap<string, string>;
  private readonly allNames = new Map<readonly string[], readonly string[]>();

  constructor(
    private readonly text: Stripped,
    private readonly wanted: Wanted,
    private readonly firstSite: number,
    private readonly firstFunction: number,
  ) {
    const tree = parsed(text);
    this.outside = moduleNames(tree, text);
    for (const part of partsOf(tree)) if (!isGenerated(part)) this.expression(part, tree, []);
    if (wanted.counts) this.insert(text.code.length, keptConstants(tree));
    this.code = this.assembled();
  }

  private assembled(): string {
    const { code } = this.text;
    // In the order of the source; of those at one place, in the order in which they were made.
    this.sorted = [...this.insertions].sort((a, b) => a.at - b.at);
    let result = '';
    let done = 0;
    for (const { at, text, instead = 0 } of this.sorted) {
      result += code.slice(done, at) + text;
      done = at + instead;
    }
    return result + code.slice(done);
  }

  /** The column in the source, from 1, of a place in `code` (line from 1, column from 0). */
  columnOf(line: number, column: number): number {
    const { code, columnOf } = this.text;
    this.starts ??= [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
    const start = this.starts[line - 1] ?? 0;
    const end = this.starts[line] ?? code.length + 1;
    let shift = 0;
    for (const { at, text, instead = 0 } of this.sorted) {
      if (at < start) continue;
      const begins = at - start + shift;
      if (at >= end || begins > column) break;
      if (column < begins + text.length) return columnOf(line, at - start);
      shift += text.length - instead;
    }
    return columnOf(line, column - shift);
  }

  private insert(at: number, text: string, instead = 0): void {
    if (text !== '') this.insertions.push({ at, text, instead });
  }

  private get isWhole(): boolean {
    return this.wanted.sites === 'all';
  }

  private get count(): string {
    return this.wanted.counts ? `--${hooks}.left<0&&${hooks}.over();` : '';
  }

  /** Numbers a site; answers the arguments of its call, empty where nobody asks for it. */
  private site(node: Tree, names: readonly string[]): string {
    const id = this.firstSite + this.sites.length;
    const { line, column } = node.loc!.start;
    const { file, columnOf } = this.text;
    const place = { file, line, column: columnOf(line, column) };
    const all = this.namesWith(names);
    const within = { function: this.firstFunction + this.function, names: all };
    this.sites.push({ id, ...place, ...within, locals: names.length });
    const { sites } = this.wanted;
    if (sites !== 'all' && !sites.has(id)) return '';
    const read = (name: string, index: number) =>
      `()=>${index < names.length ? name : this.outside.get(name)}`;
    return `${id},()=>[${all.map(read).join()}]`;
  }

  /** Local names and those of the module that they do not hide. */
  private namesWith(names: readonly string[]): readonly string[] {
    let all = this.allNames.get(names);
    if (all === undefined) {
      all = [...names, ...[...this.outside.keys()].filter((name) => !names.includes(name))];
      this.allNames.set(names, all);
    }
    return all;
  }

  private before(node: Tree, at: number, names: readonly string[]): void {
    const site = this.site(node, names);
    if (site) this.insert(at, `${hooks}.at(${site});`);
  }

  private statement(node: Tree, names: readonly string[], start = node.start): void {
    switch (node.type) {
      case 'BlockStatement':
        return this.statements(node.body as Tree[], names);
      case 'EmptyStatement':
        return;
      case 'LabeledStatement':
        return this.statement(node.body as Tree, names, start);
      case 'VariableDeclaration':
        if (node.kind === 'let' || (node.declarations as Tree[]).some(({ init }) => init)) {
          this.before(node, start, names);
        }
        return this.parts(node, names);
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return this.expression(node, undefined, names);
      case 'ForStatement':
        return this.forLoop(node, names, start);
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.eachLoop(node, names, start);
      case 'WhileStatement':
        this.checked(node.test as Tree, names);
        return this.loopBody(node.body as Tree, names);
      case 'DoWhileStatement':
        this.loopBody(node.body as Tree, names);
        return this.checked(node.test as Tree, names);
      case 'TryStatement':
        return this.tried(node, names);
      default:
        this.before(node, start, names);
        return this.branches(node, names);
    }
  }

  private branches(node: Tree, names: readonly string[]): void {
    if (node.type === 'IfStatement') {
      this.expression(node.test as Tree, node, names);
      this.alone(node.consequent as Tree, names);
      if (node.alternate) this.alone(node.alternate as Tree, names);
    } else if (node.type === 'SwitchStatement') {
      this.expression(node.discriminant as Tree, node, names);
      const cases = node.cases as Tree[];
      for (const one of cases) {
        if (one.test) this.expression(one.test as Tree, one, names);
        this.statements(one.consequent as Tree[], names);
      }
    } else this.parts(node, names);
  }

  private statements(body: readonly Tree[], names: readonly string[]): void {
    const all = withNames(names, declaredIn(body));
    // Of what is declared further down, only functions can be used: those are called later.
    let inner = names;
    for (const statement of body) {
      this.statement(statement, statement.type === 'FunctionDeclaration' ? all : inner);
      inner = withNames(inner, declaredIn([statement]));
    }
  }

  /** A statement that may stand without braces. */
  private alone(node: Tree, names: readonly string[]): void {
    if (node.type === 'BlockStatement') return this.statement(node, names);
    this.insert(node.start, '{');
    this.statement(node, names);
    this.insert(node.end, '}');
  }

  private loopBody(node: Tree, names: readonly string[]): void {
    const text = this.count;
    if (node.type === 'BlockStatement') {
      this.insert(node.start + 1, text);
      return this.statement(node, names);
    }
    this.insert(node.start, `{${text}`);
    this.statement(node, names);
    this.insert(node.end, '}');
  }

  /** An expression of a loop, at which one stands each time. */
  private checked(node: Tree, names: readonly string[]): void {
    const site = this.site(node, names);
    if (site) this.insert(node.start, `(${hooks}.at(${site}),`);
    this.expression(node, undefined, names);
    if (site) this.insert(node.end, ')');
  }

  private forLoop(node: Tree, names: readonly string[], start: number): void {
    const init = node.init as Tree | null;
    const inner = withNames(names, init ? declaredIn([init]) : []);
    // Before it begins, none of its own names is there.
    if (init) this.before(init, start, names);
    if (init) this.parts(init, inner);
    if (node.test) this.checked(node.test as Tree, inner);
    if (node.update) this.checked(node.update as Tree, inner);
    this.loopBody(node.body as Tree, inner);
  }

  private eachLoop(node: Tree, names: readonly string[], start: number): void {
    const left = node.left as Tree;
    const right = node.right as Tree;
    const inner = withNames(names, declaredIn([left]));
    this.before(right, start, names);
    const site = this.site(left, names);
    const isIn = node.type === 'ForInStatement';
    if (site && isIn) {
      const word = this.text.code.indexOf('in', left.end);
      this.insert(word, 'of', 2);
    }
    if (site) this.insert(right.start, `${hooks}.each(${isIn ? `${hooks}.keys` : ''}((`);
    this.expression(right, undefined, names);
    if (site) this.insert(right.end, `)),${JSON.stringify(this.iterableText(right))},${site})`);
    this.loopBody(node.body as Tree, inner);
  }

  /** What ends code that does not end is thrown on; a pattern in its place cannot hold it. */
  private rethrown(handler: Tree): string {
    const param = handler.param as Tree | null;
    if (!this.wanted.counts || (param && param.type !== 'Identifier')) return '';
    if (!param) this.insert((handler.body as Tree).start, `(${error})`);
    return `${hooks}.caught(${param ? String(param.name) : error});`;
  }

  /** What an engine says of what cannot be gone through: `nodes.all is not iterable`. */
  private iterableText(node: Tree): string {
    const isCall = node.type === 'CallExpression';
    const { start, end } = isCall ? (node.callee as Tree) : node;
    const text = this.text.code.slice(start, end);
    const what = isCall ? ' is not a function or its return value' : '';
    return `${text}${what} is not iterable`;
  }

  private tried(node: Tree, names: readonly string[]): void {
    // Who leaves a handler in the middle of it is not caught by it.
    const { sites } = this.wanted;
    const leave = sites === 'all' || sites.size > 0 ? `${hooks}.leave();` : '';
    const handler = node.handler as Tree | null;
    // What is thrown is heard of before the statements of `finally` are.
    const hears = this.isWhole && node.finalizer !== null;
    if (hears && handler) this.insert(node.start, 'try{');
    this.statement(node.block as Tree, names);
    if (handler) {
      const caught = handler.param ? namesOf(handler.param as Tree) : [];
      this.insert((handler.body as Tree).start + 1, leave + this.rethrown(handler));
      this.statement(handler.body as Tree, withNames(names, caught));
    }
    const close = `catch(${error}){throw ${hooks}.thrown(${error})}`;
    if (hears) this.insert((handler ?? (node.block as Tree)).end, handler ? `}${close}` : close);
    const finalizer = node.finalizer as Tree | null;
    if (finalizer) {
      this.insert(finalizer.start + 1, leave);
      this.statement(finalizer, names);
    }
  }

  private parts(node: Tree, names: readonly string[]): void {
    for (const part of partsOf(node)) this.expression(part, node, names);
  }

  private expression(node: Tree, parent: Tree | undefined, names: readonly string[]): void {
    if (isFunction(node)) return this.callable(node, parent, names);
    if (/^(For|While|DoWhile)/.test(node.type)) return this.loopOfModule(node);
    if (node.type === 'YieldExpression' && this.isWhole) {
      const argument = node.argument as Tree | null;
      this.insert(node.start, `${hooks}.resumed(${call},`);
      if (argument) this.insert(argument.start, `${hooks}.yielded(${call},`);
      this.parts(node, names);
      this.insert(node.end, argument ? '))' : ` ${hooks}.yielded(${call}))`);
      return;
    }
    this.parts(node, names);
  }

  /** Outside of functions nobody stands, but it must end. */
  private loopOfModule(node: Tree): void {
    const body = node.body as Tree;
    const isBlock = body.type === 'BlockStatement';
    this.insert(isBlock ? body.start + 1 : body.start, isBlock ? this.count : `{${this.count}`);
    this.parts(node, []);
    if (!isBlock) this.insert(body.end, '}');
  }

  private callable(node: Tree, parent: Tree | undefined, names: readonly string[]): void {
    const outer = this.function;
    const { line } = node.loc!.start;
    const { line: endLine, column: endColumn } = node.loc!.end;
    this.function = this.functions.length;
    const name = nameOf(node, parent);
    const { file, columnOf } = this.text;
    const end = { endLine, endColumn: columnOf(endLine, Math.max(0, endColumn - 1)) };
    this.functions.push({ file, name, line, ...end });
    const number = this.firstFunction + this.function;
    const inner = withNames(names, parameterNames(node));
    for (const parameter of node.params as Tree[]) this.expression(parameter, node, inner);
    const body = node.body as Tree;
    if (body.type === 'BlockStatement') this.body(body, number, inner);
    else this.arrowBody(body, number, inner);
    this.function = outer;
  }

  private body(body: Tree, number: number, names: readonly string[]): void {
    const open = this.isWhole ? `const ${call}=${hooks}.enter(${number});try{` : '';
    this.insert(body.start + 1, open + this.count);
    this.statements(body.body as Tree[], withNames(names, variablesOf(body)));
    const caught = `}catch(${error}){throw ${hooks}.thrown(${error})}`;
    const close = `${caught}finally{${hooks}.exit(${call})}`;
    if (this.isWhole) this.insert(body.end - 1, close);
  }

  private arrowBody(body: Tree, number: number, names: readonly string[]): void {
    const site = this.site(body, names);
    const count = this.wanted.counts ? `--${hooks}.left<0&&${hooks}.over(),` : '';
    if (this.isWhole) this.insert(body.start, `${hooks}.whole(${number},${site},()=>(${count}`);
    else if (site || count) this.insert(body.start, `(${count}${site && `${hooks}.at(${site}),`}`);
    this.expression(body, undefined, names);
    if (this.isWhole) this.insert(body.end, '))');
    else if (site || count) this.insert(body.end, ')');
  }
}

function withNames(outer: readonly string[], inner: readonly string[]): readonly string[] {
  return inner.length === 0 ? outer : [...new Set([...outer, ...inner])];
}

/** What the constants of a module hold never changes, so that all state is in the nodes. */
function keptConstants(tree: Tree): string {
  const names = keptNames(tree.body as Tree[]);
  return names.length === 0 ? '' : `\n;${hooks}.keep([${names.join()}]);`;
}
