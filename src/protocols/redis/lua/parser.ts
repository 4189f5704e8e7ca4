/** Parses Lua 5.1. Redis compiles a script as the body of a function without arguments. */
import { SyntaxFault, type Token, tokensOf } from './lexer.ts';
import { Scope } from './scope.ts';
import type {
  Binary, Block, Call, Expression, FunctionBody, Statement, Variable,
} from './syntax.ts';

export function parse(source: string): FunctionBody {
  return new Parser(tokensOf(source)).chunk();
}

/** Operators that bind more tightly have higher numbers; `..` and `^` bind to the right. */
const strength: Readonly<Record<Binary, readonly [left: number, right: number]>> = {
  or: [1, 1], and: [2, 2],
  '<': [3, 3], '>': [3, 3], '<=': [3, 3], '>=': [3, 3], '~=': [3, 3], '==': [3, 3],
  '..': [5, 4], '+': [6, 6], '-': [6, 6], '*': [7, 7], '/': [7, 7], '%': [7, 7], '^': [10, 9],
};
const unaryStrength = 8;

class Parser {
  private at = 0;
  private scope = new Scope(undefined, true);

  constructor(private readonly tokens: readonly Token[]) {}

  chunk(): FunctionBody {
    const block = this.block();
    if (this.token.type !== 'end') this.fail(`'<eof>' expected near '${this.token.text}'`);
    const { slots } = this.scope;
    return { parameters: [], takesMore: true, block, captures: [], slots };
  }

  private get token(): Token {
    return this.tokens[this.at];
  }

  // Statements

  private block(): Block {
    const { variables } = this.scope;
    this.scope.variables = [...variables];
    const statements: Statement[] = [];
    while (!this.endsBlock()) {
      const statement = this.statement();
      statements.push(statement);
      this.takes(';');
      if (statement.type === 'return' || statement.type === 'break') break;
    }
    this.scope.variables = variables;
    return statements;
  }

  private endsBlock(): boolean {
    const { type, text } = this.token;
    if (type === 'end') return true;
    return type === 'keyword' && ['end', 'else', 'elseif', 'until'].includes(text);
  }

  private statement(): Statement {
    if (this.takes('if')) return this.ifStatement();
    if (this.takes('while')) {
      const condition = this.expression();
      this.expect('do');
      return { type: 'while', condition, block: this.loop('end') };
    }
    if (this.takes('do')) {
      const block = this.block();
      this.expect('end');
      return { type: 'do', block };
    }
    if (this.takes('for')) return this.forStatement();
    if (this.takes('repeat')) return this.repeatStatement();
    if (this.takes('function')) return this.functionStatement();
    if (this.takes('local')) return this.localStatement();
    if (this.takes('return')) {
      const isBare = this.endsBlock() || this.isNext(';');
      return { type: 'return', values: isBare ? [] : this.expressions() };
    }
    if (this.takes('break')) {
      if (this.scope.loops === 0) this.fail(`no loop to break near '${this.token.text}'`);
      return { type: 'break' };
    }
    return this.assignmentOrCall();
  }

  private ifStatement(): Statement {
    const branches: [Expression, Block][] = [];
    let otherwise: Block = [];
    do {
      const condition = this.expression();
      this.expect('then');
      branches.push([condition, this.block()]);
    } while (this.takes('elseif'));
    if (this.takes('else')) otherwise = this.block();
    this.expect('end');
    return { type: 'if', branches, otherwise };
  }

  private loop(end: string): Block {
    this.scope.loops++;
    const block = this.block();
    this.scope.loops--;
    this.expect(end);
    return block;
  }

  /** The condition of `until` may name the locals of its block. */
  private repeatStatement(): Statement {
    const { variables } = this.scope;
    this.scope.variables = [...variables];
    this.scope.loops++;
    const statements: Statement[] = [];
    while (!this.endsBlock()) {
      statements.push(this.statement());
      this.takes(';');
    }
    this.scope.loops--;
    this.expect('until');
    const condition = this.expression();
    this.scope.variables = variables;
    return { type: 'repeat', condition, block: statements };
  }

  private forStatement(): Statement {
    const { line } = this.token;
    const names = [this.name()];
    if (this.takes('=')) {
      const from = this.expression();
      this.expect(',');
      const to = this.expression();
      const by = this.takes(',') ? this.expression() : undefined;
      return this.within(names, ([variable], block) => {
        return { type: 'count', variable, from, to, by, block, line };
      });
    }
    while (this.takes(',')) names.push(this.name());
    this.expect('in', "'=' or 'in' expected");
    const values = this.expressions();
    return this.within(names, (variables, block) => {
      return { type: 'each', variables, values, block, line };
    });
  }

  private within(
    names: readonly string[],
    statement: (variables: Variable[], block: Block) => Statement,
  ): Statement {
    this.expect('do');
    const { variables } = this.scope;
    this.scope.variables = [...variables];
    const own = names.map((name) => this.scope.declare(name));
    const block = this.loop('end');
    this.scope.variables = variables;
    return statement(own, block);
  }

  private functionStatement(): Statement {
    const { line } = this.token;
    const first = this.name();
    let target = this.variable(first, line);
    let method = false;
    while (this.isNext('.') || this.isNext(':')) {
      method = this.token.text === ':';
      this.at++;
      const key = { type: 'constant', value: this.name() } as const;
      target = { type: 'index', of: target, key, line };
    }
    const value: Expression = { type: 'function', body: this.functionBody(method) };
    return { type: 'assign', targets: [target], values: [value], line };
  }

  private localStatement(): Statement {
    if (this.takes('function')) {
      // The function may call itself.
      const variable = this.scope.declare(this.name());
      return { type: 'function', variable, body: this.functionBody(false) };
    }
    const names = [this.name()];
    while (this.takes(',')) names.push(this.name());
    const values = this.takes('=') ? this.expressions() : [];
    return { type: 'local', variables: names.map((name) => this.scope.declare(name)), values };
  }

  private assignmentOrCall(): Statement {
    const { line } = this.token;
    const first = this.suffixed();
    if (first.type === 'call' && !this.isNext('=') && !this.isNext(',')) {
      return { type: 'call', call: first };
    }
    const targets = [first];
    while (this.takes(',')) targets.push(this.suffixed());
    if (targets.some(({ type }) => !isTarget(type))) {
      this.fail(`syntax error near '${this.token.text}'`);
    }
    this.expect('=');
    return { type: 'assign', targets, values: this.expressions(), line };
  }

  // Expressions

  private expressions(): Expression[] {
    const list = [this.expression()];
    while (this.takes(',')) list.push(this.expression());
    return list;
  }

  private expression(limit = 0): Expression {
    const { line, text } = this.token;
    let left: Expression;
    if (this.takes('-') || this.takes('#') || this.takes('not')) {
      const operand = this.expression(unaryStrength);
      left = { type: 'unary', operator: text as '-', operand, line };
    } else {
      left = this.simple();
    }
    for (;;) {
      const { text: word, type: kind } = this.token;
      if (kind !== 'symbol' && kind !== 'keyword') return left;
      const bound = Object.hasOwn(strength, word) ? strength[word as Binary] : undefined;
      if (bound === undefined || bound[0] <= limit) return left;
      this.at++;
      const right = this.expression(bound[1]);
      // Lua notes the line at which it has read the whole operation.
      const { line: end } = this.tokens[this.at - 1];
      left = { type: 'binary', operator: word as Binary, left, right, line: end };
    }
  }

  private simple(): Expression {
    const { type, text } = this.token;
    if (type === 'number') return this.constant(Number(text));
    if (type === 'string') return this.constant(text);
    if (type === 'keyword') {
      if (text === 'nil') return this.constant(null);
      if (text === 'true' || text === 'false') return this.constant(text === 'true');
      if (this.takes('function')) return { type: 'function', body: this.functionBody(false) };
    }
    if (this.takes('...')) {
      if (!this.scope.takesMore) this.fail("cannot use '...' outside a vararg function near '...'");
      return { type: 'varargs' };
    }
    if (this.isNext('{')) return this.table();
    return this.suffixed();
  }

  private constant(value: null | boolean | number | string): Expression {
    this.at++;
    return { type: 'constant', value };
  }

  /** A variable or an expression in parentheses, and what follows it: `.name`, `[key]`, a call. */
  private suffixed(): Expression {
    const { line } = this.token;
    let of: Expression;
    if (this.takes('(')) {
      of = { type: 'single', inner: this.expression() };
      this.expect(')');
    } else if (this.token.type === 'name') {
      of = this.variable(this.name(), line);
    } else {
      return this.unexpected();
    }
    for (;;) {
      const place = this.token.line;
      if (this.takes('.')) {
        of = { type: 'index', of, key: { type: 'constant', value: this.name() }, line: place };
      } else if (this.takes('[')) {
        const key = this.expression();
        this.expect(']');
        of = { type: 'index', of, key, line: place };
      } else if (this.takes(':')) {
        const method = this.name();
        of = { type: 'call', callee: of, method, args: this.arguments(), line: place };
      } else if (this.isNext('(') || this.isNext('{') || this.token.type === 'string') {
        of = { type: 'call', callee: of, args: this.arguments(), line: place };
      } else {
        return of;
      }
    }
  }

  private arguments(): Call['args'] {
    if (this.token.type === 'string') return [this.constant(this.token.text)];
    if (this.isNext('{')) return [this.table()];
    this.expect('(', 'function arguments expected');
    if (this.takes(')')) return [];
    const list = this.expressions();
    this.expect(')');
    return list;
  }

  private table(): Expression {
    this.expect('{');
    const items: Expression[] = [];
    const fields: [Expression, Expression][] = [];
    while (!this.takes('}')) {
      const after = this.tokens[this.at + 1];
      if (this.takes('[')) {
        const key = this.expression();
        this.expect(']');
        this.expect('=');
        fields.push([key, this.expression()]);
      } else if (this.token.type === 'name' && after.type === 'symbol' && after.text === '=') {
        const key = this.constant(this.token.text);
        this.expect('=');
        fields.push([key, this.expression()]);
      } else {
        items.push(this.expression());
      }
      if (!this.takes(',') && !this.takes(';') && !this.isNext('}')) this.expect('}');
    }
    return { type: 'table', items, fields };
  }

  private functionBody(isMethod: boolean): FunctionBody {
    this.expect('(');
    const names = isMethod ? ['self'] : [];
    let takesMore = false;
    while (!this.takes(')')) {
      if (this.takes('...')) takesMore = true;
      else names.push(this.name());
      if (!this.takes(',') && !this.isNext(')')) this.expect(')');
    }
    const scope = new Scope(this.scope, takesMore);
    this.scope = scope;
    const parameters = names.map((name) => scope.declare(name));
    const block = this.block();
    this.expect('end');
    this.scope = scope.outer!;
    return { parameters, takesMore, block, captures: scope.captures, slots: scope.slots };
  }

  private variable(name: string, line: number): Expression {
    const own = this.scope.own(name);
    if (own !== undefined) return { type: 'local', variable: own };
    const index = this.scope.upvalue(name);
    return index === undefined ? { type: 'global', name, line } : { type: 'upvalue', index, name };
  }

  // Words

  private isNext(text: string): boolean {
    const { token } = this;
    return token.text === text && (token.type === 'symbol' || token.type === 'keyword');
  }

  private takes(text: string): boolean {
    if (!this.isNext(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string, what = `'${text}' expected`): void {
    if (!this.takes(text)) this.fail(`${what} near '${this.token.text}'`);
  }

  private name(): string {
    if (this.token.type !== 'name') this.fail(`'<name>' expected near '${this.token.text}'`);
    return this.tokens[this.at++].text;
  }

  private unexpected(): never {
    return this.fail(`unexpected symbol near '${this.token.text}'`);
  }

  private fail(text: string): never {
    throw new SyntaxFault(this.token.line, text);
  }
}

function isTarget(type: Expression['type']): boolean {
  return type === 'local' || type === 'upvalue' || type === 'global' || type === 'index';
}
