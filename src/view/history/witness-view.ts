/** The verdict of a model on a recorded history, and its witness, as the History panel has them. */
import type { History } from '../../protocol/history.ts';
import { verdictLines } from '../../check/models/model-words.ts';
import type { Model } from '../../check/models/models.ts';
import { edgesOf, operationsOf } from '../../check/models/order-edges.ts';
import type { RecordedVerdict, Witness } from '../../check/models/verdict.ts';
import type { ModelName } from '../../scenario/history/models.ts';
import type { ModelVerdictView, OperationView, WitnessView } from './history-view.ts';
import { limitReached } from '../panel-words/history.ts';
import { operationView } from './operation-view.ts';

/** `drawn` makes the view of an operation by its index in the history. */
export type Drawn = (index: number, label?: string) => OperationView;

export function verdictView(
  history: History,
  { name, doc }: Pick<Model, 'name' | 'doc'>,
  verdict: RecordedVerdict,
  drawn: Drawn = (index, label) => operationView(history[index], index, label),
): ModelVerdictView {
  const about = { model: name, doc };
  if (verdict.type === 'unknown' && verdict.why.code === 'limit-reached') {
    return { ...about, type: 'unknown', lines: [limitReached(verdict.why)] };
  }
  const lines = verdictLines(history, verdict);
  if (verdict.type !== 'violated') return { ...about, type: verdict.type, lines };
  const witness = witnessView(history, verdict.witness, name, drawn);
  return { ...about, type: 'violated', lines, witness };
}

function witnessView(
  history: History,
  witness: Witness,
  model: ModelName,
  drawn: Drawn,
): WitnessView {
  const indices = operationsOf(witness);
  const labels = witness.code === 'other' ? witness.labels : undefined;
  const operations = indices.map((index, place) => drawn(index, labels?.[place]));
  const edges = edgesOf(history, witness, model).map((edge) => {
    return { ...edge, from: indices.indexOf(edge.from), to: indices.indexOf(edge.to) };
  });
  const { longest, blocked } =
    witness.code === 'no-order' ? witness : { longest: [], blocked: blockedBy(witness) };
  const numbered = (all: readonly number[]) => all.map((index) => drawn(index).index);
  return { operations, edges, longest: numbered(longest), blocked: numbered(blocked) };
}

function blockedBy(witness: Witness): number[] {
  return witness.code === 'pattern' && witness.read !== undefined ? [witness.read] : [];
}
