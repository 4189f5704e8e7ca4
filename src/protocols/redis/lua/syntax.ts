/** The syntax tree of a Lua script. */

/** A local variable; `isCaptured` says whether an inner function uses it. */
export interface Variable {
  readonly name: string;
  readonly slot: number;
  isCaptured: boolean;
}

export type Binary =
  | '+' | '-' | '*' | '/' | '%' | '^' | '..' | '==' | '~=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

export type Expression =
  | { readonly type: 'constant'; readonly value: null | boolean | number | string }
  | { readonly type: 'varargs' }
  | { readonly type: 'local'; readonly variable: Variable }
  /** A local variable of an enclosing function, by its place among those that are captured. */
  | { readonly type: 'upvalue'; readonly index: number; readonly name: string }
  | { readonly type: 'global'; readonly name: string; readonly line: number }
  | {
      readonly type: 'index';
      readonly of: Expression;
      readonly key: Expression;
      readonly line: number;
    }
  | Call
  | { readonly type: 'function'; readonly body: FunctionBody }
  | {
      readonly type: 'binary';
      readonly operator: Binary;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | {
      readonly type: 'unary';
      readonly operator: '-' | 'not' | '#';
      readonly operand: Expression;
      readonly line: number;
    }
  /** In parentheses: a call gives one value. */
  | { readonly type: 'single'; readonly inner: Expression }
  | {
      readonly type: 'table';
      readonly items: readonly Expression[];
      readonly fields: readonly (readonly [key: Expression, value: Expression])[];
    };

export interface Call {
  readonly type: 'call';
  readonly callee: Expression;
  /** The name of a method, called with its object as the first argument. */
  readonly method?: string;
  readonly args: readonly Expression[];
  readonly line: number;
}

export interface FunctionBody {
  readonly parameters: readonly Variable[];
  readonly takesMore: boolean;
  readonly block: Block;
  /** Where the captured variables come from: locals of the enclosing function, or its captures. */
  readonly captures: readonly Capture[];
  /** How many slots its locals need. */
  readonly slots: number;
}

export type Capture =
  | { readonly from: 'local'; readonly variable: Variable }
  | { readonly from: 'upvalue'; readonly index: number };

export type Block = readonly Statement[];

export type Statement =
  | {
      readonly type: 'local';
      readonly variables: readonly Variable[];
      readonly values: readonly Expression[];
    }
  | {
      readonly type: 'assign';
      readonly targets: readonly Expression[];
      readonly values: readonly Expression[];
      readonly line: number;
    }
  | { readonly type: 'call'; readonly call: Call }
  | { readonly type: 'do'; readonly block: Block }
  | { readonly type: 'while'; readonly condition: Expression; readonly block: Block }
  | { readonly type: 'repeat'; readonly condition: Expression; readonly block: Block }
  | {
      readonly type: 'if';
      readonly branches: readonly (readonly [condition: Expression, block: Block])[];
      readonly otherwise: Block;
    }
  | {
      readonly type: 'count';
      readonly variable: Variable;
      readonly from: Expression;
      readonly to: Expression;
      readonly by: Expression | undefined;
      readonly block: Block;
      readonly line: number;
    }
  | {
      readonly type: 'each';
      readonly variables: readonly Variable[];
      readonly values: readonly Expression[];
      readonly block: Block;
      readonly line: number;
    }
  | {
      readonly type: 'function';
      readonly variable: Variable;
      readonly body: FunctionBody;
    }
  | { readonly type: 'return'; readonly values: readonly Expression[] }
  | { readonly type: 'break' };
