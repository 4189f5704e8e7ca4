/** Instruments code: inserts calls that report its statements and count its loops and functions. */
import { freezing, isGenerated } from './generated.ts';
import { Insertions } from './insertions.ts';
import { moduleNames } from './module-names.ts';
import { countNative, type Insert, markKeys, markObjects } from './native-calls.ts';
import { declaredIn, namesOf, parameterNames, variablesOf } from './names-in-scope.ts';
import { passOn, readsIn } from './reads.ts';
import type { Stripped } from './strip.ts';
import { isFunction, nameOf, parsed, partsOf, type Tree } from './syntax.ts';
import { reportOf, type Write, writesIn } from './writes.ts';

/** A place where the debugger can stop: a statement, a test of a loop, the body of an arrow. */
export interface Site {
  readonly id: number;
  readonly file: string;
  /** Both count from 1, in the source. */
  readonly line: number;
  readonly column: number;
  /** The function around it, by its number. */
  readonly function: number;
  /** The names that are visible there: the local ones, then those of the module. */
  readonly names: readonly string[];
  /** How many of them are local. */
  readonly locals: number;
}

/** A function of a source. */
export interface FunctionSite {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  /** The place of its closing brace; both count from 1. */
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Wanted {
  /** The sites that are reported. */
  readonly sites: 'all' | ReadonlySet<number>;
  /** Whether loop iterations and function calls are counted, and changed objects reported. */
  readonly counts: boolean;
  /** The names of fields in all modules, for `readsIn`. */
  readonly fields?: ReadonlySet<string>;
}

/**
 * Names in instrumented code, which no source has by chance: the object that it calls (a
 * `Recorder`), the stack frame of a function, and a caught error.
 */
export const hooks = '$$lockstep';
const frame = '$$frame';
const error = '$$error';

/**
 * The code of one module with calls inserted.
 *
 * Sites and functions are numbered in the order of the source, whatever is wanted: their numbers
 * are the same in all variants, so that a breakpoint set in one means the same in another.
 */
export class Instrumented {
  readonly sites: Site[] = [];
  readonly functions: FunctionSite[] = [];
  readonly code: string;
  /** Whether the code reports every object that it changes. */
  readonly reportsWrites: boolean;
  private readonly insertions: Insertions;
  /** The changes whose objects were not visited yet. */
  private readonly writes = new Map<Tree, Write>();
  private readonly reads: ReturnType<typeof readsIn>;
  /** The number of the function around the current node. */
  private function = -1;
  /** The names of the module, each with the expression that reads it. */
  private readonly outside: ReadonlyMap<string, string>;
  private readonly allNames = new Map<readonly string[], readonly string[]>();

  constructor(
    private readonly file: Stripped,
    private readonly wanted: Wanted,
    private readonly firstSite: number,
    private readonly firstFunction: number,
  ) {
    const tree = parsed(file);
    this.insertions = new Insertions(file);
    this.outside = moduleNames(tree, file);
    const writes = wanted.counts ? writesIn(tree) : { found: [], isComplete: false };
    for (const write of writes.found) this.writes.set(write.target, write);
    this.reportsWrites = writes.isComplete;
    this.reads = wanted.fields ? readsIn(tree, file.code, hooks, wanted.fields) : new Map();
    for (const part of partsOf(tree)) if (!isGenerated(part)) this.expression(part, tree, []);
    for (const target of [...this.writes.keys()]) this.written(target)();
    if (wanted.counts) this.insert(file.code.length, freezing(tree.body as Tree[], hooks));
    this.code = this.insertions.assembled();
  }

  /** The column in the source, from 1, of a place in `code` (line from 1, column from 0). */
  columnOf(line: number, column: number): number {
    return this.insertions.columnOf(line, column);
  }

  private readonly insert: Insert = (at, text, instead) =>
    this.insertions.insert(at, text, instead);

  /**
   * Wraps what is changed in a call. The inner brackets keep a comma from separating arguments. The
   * result ends the call: its text comes after that of the parts.
   */
  private written(target: Tree): () => void {
    const write = this.writes.get(target);
    if (write === undefined) return () => undefined;
    this.writes.delete(target);
    const { change } = write;
    const isMethod = change.type === 'method';
    this.insert(target.start, `${hooks}.${reportOf[change.type]}((`);
    const end = Math.min(target.end, target.start + 60);
    const words = isMethod ? [change.name, this.file.code.slice(target.start, end)] : [];
    if (change.type === 'property' && change.key !== undefined) words.push(change.key);
    const close = `)${words.map((word) => `,${JSON.stringify(word)}`).join('')})`;
    return () => this.insert(target.end, close);
  }

  private get isWhole(): boolean {
    return this.wanted.sites === 'all';
  }

  private get count(): string {
    return this.wanted.counts ? `--${hooks}.budget<0&&${hooks}.exceeded();` : '';
  }

  /** Numbers a site. Returns the arguments of the call that reports it; empty if none does. */
  private site(node: Tree, names: readonly string[]): string {
    const id = this.firstSite + this.sites.length;
    const { line, column } = node.loc!.start;
    const { file, columnOf } = this.file;
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

  /** The local names, and those of the module that no local name hides. */
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
        this.loopExpression(node.test as Tree, names);
        return this.loopBody(node.body as Tree, names);
      case 'DoWhileStatement':
        this.loopBody(node.body as Tree, names);
        return this.loopExpression(node.test as Tree, names);
      case 'TryStatement':
        return this.tryStatement(node, names);
      default:
        this.before(node, start, names);
        return this.branching(node, names);
    }
  }

  private branching(node: Tree, names: readonly string[]): void {
    if (node.type === 'IfStatement') {
      this.expression(node.test as Tree, node, names);
      this.branch(node.consequent as Tree, names);
      if (node.alternate) this.branch(node.alternate as Tree, names);
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
    // A name that is declared further down cannot be read yet, except in a function: that is
    // called later.
    let inner = names;
    for (const statement of body) {
      this.statement(statement, statement.type === 'FunctionDeclaration' ? all : inner);
      inner = withNames(inner, declaredIn([statement]));
    }
  }

  /** The branch of an `if`. It gets braces, so that calls can be inserted before its statement. */
  private branch(node: Tree, names: readonly string[]): void {
    if (node.type === 'BlockStatement') return this.statement(node, names);
    this.insert(node.start, '{');
    this.statement(node, names);
    this.insert(node.end, '}');
  }

  private loopBody(node: Tree, names: readonly string[]): void {
    if (node.type === 'BlockStatement') {
      this.insert(node.start + 1, this.count);
      return this.statement(node, names);
    }
    this.insert(node.start, `{${this.count}`);
    this.statement(node, names);
    this.insert(node.end, '}');
  }

  /** A test or an update of a loop, which is a site in each iteration. */
  private loopExpression(node: Tree, names: readonly string[]): void {
    const site = this.site(node, names);
    if (site) this.insert(node.start, `(${hooks}.at(${site}),`);
    this.expression(node, undefined, names);
    if (site) this.insert(node.end, ')');
  }

  private forLoop(node: Tree, names: readonly string[], start: number): void {
    const init = node.init as Tree | null;
    const inner = withNames(names, init ? declaredIn([init]) : []);
    // Before its first statement, none of its own names is declared.
    if (init) this.before(init, start, names);
    if (init) this.parts(init, inner);
    if (node.test) this.loopExpression(node.test as Tree, inner);
    if (node.update) this.loopExpression(node.update as Tree, inner);
    this.loopBody(node.body as Tree, inner);
  }

  private eachLoop(node: Tree, names: readonly string[], start: number): void {
    const left = node.left as Tree;
    const right = node.right as Tree;
    const inner = withNames(names, declaredIn([left]));
    this.before(right, start, names);
    const site = this.site(left, names);
    const isIn = markKeys(node);
    // `for (const key in x)` becomes `for (const key of iterate(keys(x)))`.
    if (site && isIn) {
      const word = this.file.code.indexOf('in', left.end);
      this.insert(word, 'of', 2);
    }
    if (site) this.insert(right.start, `${hooks}.iterate(${isIn ? `${hooks}.keys` : ''}((`);
    this.expression(right, undefined, names);
    if (site) this.insert(right.end, `)),${JSON.stringify(this.notIterable(right))},${site})`);
    this.loopBody(node.body as Tree, inner);
  }

  /**
   * Throws the limit error again at the beginning of a `catch` block. A block that destructures the
   * error, as in `catch ({ message })`, has no name for it and is left alone. It cannot run on: the
   * next loop iteration or function call is at the limit again.
   */
  private rethrowing(handler: Tree): string {
    const param = handler.param as Tree | null;
    if (!this.wanted.counts || (param && param.type !== 'Identifier')) return '';
    if (!param) this.insert((handler.body as Tree).start, `(${error})`);
    return `${hooks}.rethrowLimit(${param ? String(param.name) : error});`;
  }

  /** The message of an engine for a value that is not iterable: `nodes.all is not iterable`. */
  private notIterable(node: Tree): string {
    const isCall = node.type === 'CallExpression';
    const { start, end } = isCall ? (node.callee as Tree) : node;
    const text = this.file.code.slice(start, end);
    const what = isCall ? ' is not a function or its return value' : '';
    return `${text}${what} is not iterable`;
  }

  private tryStatement(node: Tree, names: readonly string[]): void {
    // An abort passes through `catch` and `finally` blocks without running them.
    const { sites } = this.wanted;
    const keepAborting = sites === 'all' || sites.size > 0 ? `${hooks}.keepAborting();` : '';
    const handler = node.handler as Tree | null;
    // The error must be noted before `finally` runs, whose statements would count as its origin.
    const notes = this.isWhole && node.finalizer !== null;
    if (notes && handler) this.insert(node.start, 'try{');
    this.statement(node.block as Tree, names);
    if (handler) {
      const caught = handler.param ? namesOf(handler.param as Tree) : [];
      this.insert((handler.body as Tree).start + 1, keepAborting + this.rethrowing(handler));
      this.statement(handler.body as Tree, withNames(names, caught));
    }
    const close = `catch(${error}){throw ${hooks}.thrown(${error})}`;
    if (notes) this.insert((handler ?? (node.block as Tree)).end, handler ? `}${close}` : close);
    const finalizer = node.finalizer as Tree | null;
    if (finalizer) {
      this.insert(finalizer.start + 1, keepAborting);
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
      this.insert(node.start, `${hooks}.resumed(${frame},`);
      if (argument) this.insert(argument.start, `${hooks}.yielded(${frame},`);
      this.parts(node, names);
      this.insert(node.end, argument ? '))' : ` ${hooks}.yielded(${frame}))`);
      return;
    }
    const closeWritten = this.written(node);
    const closeRead = passOn(node, this.reads.get(node), this.insert);
    const close = this.counted(node);
    this.parts(node, names);
    for (const end of [close, closeRead, closeWritten]) end();
  }

  /** Counts what a call of a built-in function does; the result ends the text of the call. */
  private counted(node: Tree): () => void {
    if (!this.wanted.counts) return () => undefined;
    markObjects(node);
    return countNative(node, this.file, this.insert, `${hooks}.native`);
  }

  /** A loop outside of functions. It is counted, but the debugger does not stop in modules. */
  private loopOfModule(node: Tree): void {
    const body = node.body as Tree;
    const isBlock = body.type === 'BlockStatement';
    this.insert(isBlock ? body.start + 1 : body.start, isBlock ? this.count : `{${this.count}`);
    markKeys(node);
    this.parts(node, []);
    if (!isBlock) this.insert(body.end, '}');
  }

  private callable(node: Tree, parent: Tree | undefined, names: readonly string[]): void {
    const outer = this.function;
    const { line } = node.loc!.start;
    const { line: endLine, column: endColumn } = node.loc!.end;
    this.function = this.functions.length;
    const name = nameOf(node, parent);
    const { file, columnOf } = this.file;
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
    const open = this.isWhole ? `const ${frame}=${hooks}.enter(${number});try{` : '';
    this.insert(body.start + 1, open + this.count);
    this.statements(body.body as Tree[], withNames(names, variablesOf(body)));
    const caught = `}catch(${error}){throw ${hooks}.thrown(${error})}`;
    const close = `${caught}finally{${hooks}.exit(${frame})}`;
    if (this.isWhole) this.insert(body.end - 1, close);
  }

  private arrowBody(body: Tree, number: number, names: readonly string[]): void {
    const site = this.site(body, names);
    const count = this.wanted.counts ? `--${hooks}.budget<0&&${hooks}.exceeded(),` : '';
    if (this.isWhole) this.insert(body.start, `${hooks}.arrow(${number},${site},()=>(${count}`);
    else if (site || count) this.insert(body.start, `(${count}${site && `${hooks}.at(${site}),`}`);
    this.expression(body, undefined, names);
    if (this.isWhole) this.insert(body.end, '))');
    else if (site || count) this.insert(body.end, ')');
  }
}

function withNames(outer: readonly string[], inner: readonly string[]): readonly string[] {
  return inner.length === 0 ? outer : [...new Set([...outer, ...inner])];
}
