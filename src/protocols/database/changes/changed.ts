/** What INSERT, UPDATE and DELETE give: a count, and the rows of RETURNING. */
import type { Value } from '../sql/syntax.ts';
import type { Stop } from '../expressions/scope.ts';
import type { Type } from '../expressions/values.ts';

export interface Changed {
  readonly count: number;
  readonly rows: readonly (readonly Value[])[];
}

/** A statement that changes rows, ready to be executed. */
export interface BoundChange {
  /** The columns of RETURNING; null without it. */
  readonly columns: readonly { readonly name: string; readonly type: Type }[] | null;
  run(): Changed | Stop;
}
