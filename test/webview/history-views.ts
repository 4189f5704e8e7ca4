/** Histories as the adapter and the editor would send them. */
import type {
  HistoryView, ModelVerdictView, OperationView, ViolatedView,
} from '../../src/view/history/history-view.ts';
import { type Made, makeView } from './views.ts';

export function operation(index: number, more: Partial<OperationView> = {}): OperationView {
  return {
    index, process: `c${(index % 2) + 1}`, text: `put x ${index} → ok`, outcome: 'ok',
    invoked: index * 2, returned: index * 2 + 1, invokedStep: index * 10, endedStep: index * 10 + 5,
    ...more,
  };
}

export function violatedView(operations: OperationView[]): ViolatedView {
  return {
    model: 'linearizable', doc: 'One order.', type: 'violated', lines: ['There is no order.'],
    witness: {
      operations, edges: [{ from: 0, to: 1, because: 'real time' }], longest: [],
      blocked: [operations.at(-1)!.index],
    },
    validUntil: operations.at(-1)!.returned,
  };
}

export function historyView(
  count: number,
  verdicts: ModelVerdictView[] = [],
  operations = Array.from({ length: count }, (_, index) => operation(index)),
): HistoryView {
  return { operations, before: 0, after: 0, verdicts };
}

/** A stop at a step, with this history. */
export function withHistory(history: HistoryView, step = 57): Made {
  const made = makeView({ nodes: 3, step });
  return { ...made, views: { ...made.views, history } };
}
