/** Which variables a name in a Lua script can mean, while it is parsed. */
import type { Capture, Variable } from './syntax.ts';

/** The variables of a function while it is parsed. */
export class Scope {
  readonly captures: Capture[] = [];
  private readonly captured: string[] = [];
  /** The variables in sight, the latest last. */
  variables: Variable[] = [];
  slots = 0;
  loops = 0;

  constructor(
    readonly outer: Scope | undefined,
    readonly takesMore: boolean,
  ) {}

  declare(name: string): Variable {
    const variable = { name, slot: this.slots++, isCaptured: false };
    this.variables.push(variable);
    return variable;
  }

  own(name: string): Variable | undefined {
    return this.variables.findLast((one) => one.name === name);
  }

  /** The place of an outer variable among the captures; undefined if there is none of this name. */
  upvalue(name: string): number | undefined {
    if (this.outer === undefined) return undefined;
    const local = this.outer.own(name);
    const key = local === undefined ? name : `${name} ${local.slot}`;
    const known = this.captured.indexOf(key);
    if (known >= 0) return known;
    if (local !== undefined) {
      local.isCaptured = true;
      this.captures.push({ from: 'local', variable: local });
    } else {
      const index = this.outer.upvalue(name);
      if (index === undefined) return undefined;
      this.captures.push({ from: 'upvalue', index });
    }
    this.captured.push(key);
    return this.captured.length - 1;
  }
}
