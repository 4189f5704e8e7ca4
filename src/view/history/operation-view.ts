/** A client operation as the History panel draws it. */
import type { HistoryOperation, RecordedOperation } from '../../protocol/history.ts';
import { callText, type CallWords } from '../../check/models/model-words.ts';
import type { OperationView } from './history-view.ts';

export function operationView(
  operation: HistoryOperation | RecordedOperation,
  index: number,
  label?: string,
  words?: CallWords,
): OperationView {
  const { process, outcome, invoked, returned } = operation;
  const text = label ?? callText(operation, words);
  const view: OperationView = { index, process, text, outcome, invoked };
  if (label !== undefined) view.namesClient = true;
  if (returned !== undefined) view.returned = returned;
  if ('invokedStep' in operation) {
    view.invokedStep = operation.invokedStep;
    if (operation.endedStep !== undefined) view.endedStep = operation.endedStep;
  }
  return view;
}
