/** The arguments of a library function of Lua, and the errors for wrong ones. */
import type { Machine } from './machine.ts';
import { numberOf, stringOf, Table, typeOf, type Value } from './values.ts';

export class Arguments {
  constructor(
    private readonly machine: Machine,
    private readonly name: string,
    private readonly given: readonly Value[],
  ) {}

  string(index: number): string {
    const value = stringOf(this.given[index]);
    return value ?? this.wrong(index, 'string');
  }

  number(index: number, absent?: number): number {
    if (absent !== undefined && (this.given[index] ?? null) === null) return absent;
    const value = numberOf(this.given[index] ?? null);
    return value ?? this.wrong(index, 'number');
  }

  table(index: number): Table {
    const value = this.given[index];
    return value instanceof Table ? value : this.wrong(index, 'table');
  }

  /** Any value, but there must be one. */
  any(index: number): Value {
    return index < this.given.length ? this.given[index] : this.fail(index, 'value expected');
  }

  private wrong(index: number, expected: string): never {
    const got = index < this.given.length ? typeOf(this.given[index]) : 'no value';
    return this.fail(index, `${expected} expected, got ${got}`);
  }

  fault(text: string): never {
    return this.machine.fail(text);
  }

  fail(index: number, why: string): never {
    return this.machine.fail(`bad argument #${index + 1} to '${this.name}' (${why})`);
  }
}
