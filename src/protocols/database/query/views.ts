/** The system views as sources of a query. */
import { systemRows, viewColumns } from '../locks/views.ts';
import { notModelled, type SqlError } from '../sql/syntax.ts';
import { type Execution, oneByOne, type Rows } from './execution.ts';
import type { SourceColumn } from '../expressions/scope.ts';

interface View {
  readonly columns: readonly SourceColumn[];
  open(): Rows;
}

const numbers = [
  'tuple', 'transactionid', 'classid', 'objid', 'objsubid', 'backend_xid',
];

/** A view of this name; undefined if PostgreSQL has none either. */
export function systemView(execution: Execution, name: string): View | SqlError | undefined {
  const { node } = execution.context;
  if (name !== 'pg_locks' && name !== 'pg_stat_activity') {
    const isSystem = name.startsWith('pg_') || name === 'information_schema';
    return isSystem ? notModelled(`the system view ${name}`) : undefined;
  }
  const columns = viewColumns[name].map((column): SourceColumn => ({
    name: column,
    type: typeOf(column),
  }));
  return {
    columns,
    open: () => oneByOne(() => execution.once(() => systemRows(node.state, name).rows)),
  };
}

function typeOf(column: string): SourceColumn['type'] {
  if (column === 'pid') return 'integer';
  if (column === 'granted') return 'boolean';
  return numbers.includes(column) ? 'bigint' : 'text';
}
