/** Redis scripts: the part of Lua in which the scripts of locks are written. */

/** The reply to a command: `{ ok }` is a status, `{ err }` an error. Scripts see the same forms. */
export type Reply =
  | null
  | number
  | string
  | { readonly ok: string }
  | { readonly err: string }
  | readonly Reply[];

/** A Lua value; a table with the status of a command is `{ ok }`, a table with a list an array. */
type Value = null | boolean | number | string | { readonly ok: string } | readonly Value[];

/** Raised by a command that failed, or by Lua itself; `text` begins with the code of the error. */
class ScriptError {
  constructor(readonly text: string) {}
}

interface Scope {
  readonly keys: readonly string[];
  readonly argv: readonly string[];
  readonly locals: Map<string, Value>;
  call(args: readonly string[]): Reply;
}

type Expression = (scope: Scope) => Value;
/** Returns what the script returns, or undefined if the script continues. */
type Statement = (scope: Scope) => { value: Value } | undefined;

/** Runs a script; `call` executes a command, as `redis.call` does. */
export function runScript(
  source: string,
  sha: string,
  keys: readonly string[],
  argv: readonly string[],
  call: (args: readonly string[]) => Reply,
): Reply {
  let run: Statement;
  try {
    run = new Parser(source).parse();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const text = `Error compiling script (new function): user_script:1: ${error.text}`;
    return { err: `ERR ${text}` };
  }
  try {
    return asReply(run({ keys, argv, call, locals: new Map() })?.value ?? null);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { err: `${error.text} script: ${sha}, on @user_script:1.` };
  }
}

/** From Lua to Redis, as redis.io describes it: false becomes null, a number loses its fraction. */
function asReply(value: Value): Reply {
  if (value === null || value === false) return null;
  if (value === true) return 1;
  if (typeof value === 'number') return Math.trunc(value);
  if (!isList(value)) return value;
  const end = value.indexOf(null);
  return (end < 0 ? value : value.slice(0, end)).map(asReply);
}

/** What `redis.call` returns to the script: null becomes false, an error is raised. */
function asValue(reply: Reply): Value {
  if (reply === null) return false;
  if (typeof reply !== 'object') return reply;
  if (isList(reply)) return reply.map(asValue);
  if ('err' in reply) throw new ScriptError(reply.err);
  return reply;
}

/** `Array.isArray` does not narrow a union that contains a read-only list. */
function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function callCommand(args: readonly Value[], scope: Scope): Value {
  const words = args.map((arg) => {
    if (typeof arg === 'string' || typeof arg === 'number') return String(arg);
    throw new ScriptError('ERR Lua redis lib command arguments must be strings or integers');
  });
  return asValue(scope.call(words));
}

const isTrue = (value: Value): boolean => value !== null && value !== false;

const comment = /--[^\n]*/;
const word = /[A-Za-z_]\w*(?:\.\w+)?|\d+(?:\.\d+)?|==|~=/;
const quoted = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/;
const tokens = new RegExp(
  `${comment.source}|(${word.source}|${quoted.source}|\\S)`, 'g',
);

/** Parses `local`, `if … then … else … end`, `return`, calls, KEYS, ARGV, `==`, `~=`, `and`. */
class Parser {
  private readonly words: string[];
  private at = 0;

  constructor(source: string) {
    this.words = [...source.matchAll(tokens)].flatMap((match) => match[1] ?? []);
  }

  parse(): Statement {
    const run = this.block();
    if (this.at < this.words.length) this.unexpected();
    return run;
  }

  private block(): Statement {
    const statements: Statement[] = [];
    while (this.at < this.words.length && !['else', 'end'].includes(this.words[this.at])) {
      statements.push(this.statement());
      this.takes(';');
    }
    return (scope) => {
      for (const statement of statements) {
        const result = statement(scope);
        if (result !== undefined) return result;
      }
      return undefined;
    };
  }

  private statement(): Statement {
    if (this.takes('return')) {
      const value = this.expression();
      return (scope) => ({ value: value(scope) });
    }
    if (this.takes('local')) {
      const name = this.words[this.at++];
      this.expect('=');
      const value = this.expression();
      return (scope) => void scope.locals.set(name, value(scope));
    }
    if (this.takes('if')) return this.choice();
    const call = this.expression();
    return (scope) => void call(scope);
  }

  private choice(): Statement {
    const condition = this.expression();
    this.expect('then');
    const then = this.block();
    const otherwise: Statement = this.takes('else') ? this.block() : () => undefined;
    this.expect('end');
    return (scope) => (isTrue(condition(scope)) ? then(scope) : otherwise(scope));
  }

  private expression(): Expression {
    let left = this.comparison();
    while (this.takes('and')) {
      const [first, second] = [left, this.comparison()];
      left = (scope) => {
        const value = first(scope);
        return isTrue(value) ? second(scope) : value;
      };
    }
    return left;
  }

  private comparison(): Expression {
    const left = this.primary();
    const isEqual = this.takes('==');
    if (!isEqual && !this.takes('~=')) return left;
    const right = this.primary();
    return (scope) => (left(scope) === right(scope)) === isEqual;
  }

  private primary(): Expression {
    const word = this.words[this.at++] ?? '<eof>';
    if (word === 'not') {
      const operand = this.primary();
      return (scope) => !isTrue(operand(scope));
    }
    if (word === '-') {
      const operand = this.primary();
      return (scope) => -Number(operand(scope));
    }
    if (word === '(') {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (word === '{') return this.list('}');
    if (word === 'redis.call') {
      this.expect('(');
      const args = this.list(')');
      return (scope) => callCommand(args(scope), scope);
    }
    if (word === 'KEYS' || word === 'ARGV') return this.element(word);
    if (/^["']/.test(word)) return constant(word.slice(1, -1).replace(/\\(.)/g, '$1'));
    if (/^\d/.test(word)) return constant(Number(word));
    if (word === 'true' || word === 'false') return constant(word === 'true');
    if (word === 'nil') return constant(null);
    if (!/^[A-Za-z_]\w*$/.test(word) || this.isReserved(word)) this.unexpected(word);
    return (scope) => scope.locals.get(word) ?? null;
  }

  private element(name: 'KEYS' | 'ARGV'): Expression {
    this.expect('[');
    const index = this.expression();
    this.expect(']');
    return (scope) => {
      const list = name === 'KEYS' ? scope.keys : scope.argv;
      return list[Number(index(scope)) - 1] ?? null;
    };
  }

  private list(close: string): (scope: Scope) => readonly Value[] {
    const items: Expression[] = [];
    while (!this.takes(close)) {
      items.push(this.expression());
      if (!this.takes(',') && this.words[this.at] !== close) this.unexpected();
    }
    return (scope) => items.map((item) => item(scope));
  }

  private isReserved(word: string): boolean {
    return ['then', 'else', 'end', 'if', 'return', 'local', 'and', 'or'].includes(word);
  }

  private takes(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }

  private expect(word: string): void {
    if (!this.takes(word)) this.unexpected();
  }

  private unexpected(word = this.words[this.at] ?? '<eof>'): never {
    throw new ScriptError(`unexpected symbol near '${word}'`);
  }
}

function constant(value: Value): Expression {
  return () => value;
}
