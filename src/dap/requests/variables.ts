/** Rows of the variables tree by number, valid until the debugger moves on. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Children, Variable } from '../../session/read/variables.ts';
import { RequestRefusal } from '../refusal.ts';
import type { TimeLimit } from '../time-limit.ts';

type Wanted = DebugProtocol.VariablesArguments;

/** How many rows are made at once: a millisecond or a few. */
const partSize = 1_000;
/** So many rows may take longer than half a second. */
const longSize = 50_000;

/** Called between two parts of a long list: how many rows of how many are made. */
export type BetweenRows = (done: number, all: number, isLong: boolean) => Promise<void>;

export class VariablesStore {
  private readonly opened: Children[] = [];
  /** Numbers are not reused after the debugger moved on, so that an old one is refused. */
  private base = 0;

  clear(): void {
    this.base += this.opened.length;
    this.opened.length = 0;
  }

  open(children: Children): number {
    this.opened.push(children);
    return this.base + this.opened.length;
  }

  private children(reference: number): Children {
    const found = this.opened[reference - this.base - 1];
    if (found === undefined) {
      throw new RequestRefusal({ code: 'out of date', what: 'variables' });
    }
    return found;
  }

  row(reference: number, name: string): Variable | undefined {
    return this.children(reference).row(name);
  }

  /** Whether a list is made in parts, between which other requests are answered. */
  isLong(wanted: DebugProtocol.VariablesArguments): boolean {
    const { start, end } = this.range(wanted);
    return end - start > partSize;
  }

  list(wanted: DebugProtocol.VariablesArguments): DebugProtocol.Variable[] {
    const { start, end } = this.range(wanted);
    return this.part(wanted, start, end);
  }

  /** `bounded` makes each part; refuses if the debugger moves on between two of them. */
  async listInParts(
    wanted: DebugProtocol.VariablesArguments,
    between: BetweenRows,
    bounded: TimeLimit,
  ): Promise<DebugProtocol.Variable[]> {
    const { start, end } = this.range(wanted);
    const rows: DebugProtocol.Variable[] = [];
    for (let at = start; at < end; at += partSize) {
      await between(at - start, end - start, end - start > longSize);
      const part = bounded(() => this.part(wanted, at, Math.min(end, at + partSize)));
      for (const row of part) rows.push(row);
    }
    return rows;
  }

  /** The rows that a client wants: all, if it gives no count. */
  private range({ variablesReference, filter, start = 0, count = 0 }: Wanted) {
    const { indexed, named } = this.children(variablesReference);
    const isOther = (filter === 'indexed' && indexed === 0) || (filter === 'named' && named === 0);
    const all = isOther ? 0 : indexed + named;
    return { start, end: count > 0 ? Math.min(all, start + count) : all };
  }

  private part({ variablesReference }: Wanted, start: number, end: number) {
    const rows = this.children(variablesReference).list(start, Math.max(0, end - start));
    return rows.map((row) => this.toClient(row));
  }

  private toClient(row: Variable): DebugProtocol.Variable {
    const { name, value, type, expression } = row;
    const isReadOnly: DebugProtocol.VariablePresentationHint = {
      attributes: ['readOnly'],
      ...(row.virtual ? { kind: 'virtual' } : {}),
    };
    return {
      name,
      value,
      type,
      presentationHint: isReadOnly,
      ...(expression === undefined ? {} : { evaluateName: expression }),
      ...this.reference(row.children),
    };
  }

  reference(children: Children | undefined) {
    if (children === undefined) return { variablesReference: 0 };
    const { indexed, named } = children;
    return {
      variablesReference: this.open(children),
      ...(indexed > 0 ? { indexedVariables: indexed } : {}),
      ...(named > 0 ? { namedVariables: named } : {}),
    };
  }
}
