/** The system views as sources of a query. */
import { systemRows, viewColumns } from '../locks/views.ts';
import { notModelled, type SqlError } from '../sql/errors.ts';
import { isSystemView, viewColumnsNotModelled } from '../sql/system-views.ts';
import { type Execution, oneByOne, type Rows } from './execution.ts';
import type { SourceColumn } from '../expressions/scope.ts';

interface View {
  readonly columns: readonly SourceColumn[];
  readonly notModelled: readonly string[];
  open(): Rows;
}

const numbers = [
  'tuple', 'transactionid', 'classid', 'objid', 'objsubid', 'backend_xid',
];

/** A view of this name; undefined if PostgreSQL has none either. */
export function systemView(execution: Execution, name: string): View | SqlError | undefined {
  const { node } = execution.context;
  if (!isSystemView(name)) {
    const isSystem = name.startsWith('pg_') || name === 'information_schema';
    return isSystem ? notModelled(`the system view ${name}`) : undefined;
  }
  const columns = viewColumns[name].map((column): SourceColumn => ({
    name: column,
    type: typeOf(column),
  }));
  return {
    columns,
    notModelled: viewColumnsNotModelled[name],
    open: () => oneByOne(() => execution.once(() => systemRows(node.state, name).rows)),
  };
}

function typeOf(column: string): SourceColumn['type'] {
  if (column === 'pid') return 'integer';
  if (column === 'granted') return 'boolean';
  if (column.endsWith('_start') || column === 'state_change') return 'timestamptz';
  return numbers.includes(column) ? 'bigint' : 'text';
}
