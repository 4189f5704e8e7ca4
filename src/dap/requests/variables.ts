/** Rows of the variables tree by number, valid until the debugger moves on. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Children, Variable } from '../../session/read/variables.ts';
import { RequestRefusal } from '../refusal.ts';

/** How many rows are sent at once if the client asks for all. */
const rowsMost = 10_000;

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
    return this.children(reference)
      .list(0, rowsMost)
      .find((row) => row.name === name);
  }

  list(wanted: DebugProtocol.VariablesArguments): DebugProtocol.Variable[] {
    const children = this.children(wanted.variablesReference);
    const { filter, start = 0, count = 0 } = wanted;
    const isOther =
      (filter === 'indexed' && children.indexed === 0) ||
      (filter === 'named' && children.named === 0);
    if (isOther) return [];
    return children.list(start, count > 0 ? count : rowsMost).map((row) => this.toClient(row));
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
