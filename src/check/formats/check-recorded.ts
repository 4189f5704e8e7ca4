/** The verdict of a model on a recorded history, which may lack what the model depends on. */
import type { Limits } from '../models/limits.ts';
import { checkModel, type Model } from '../models/models.ts';
import type { RecordedVerdict } from '../models/verdict.ts';
import type { Subject } from './read-history.ts';

/**
 * A violation needs nothing else. But a model that depends on real time, or on the order of each
 * client, cannot be said to hold if that was not recorded.
 */
export function checkRecorded(subject: Subject, model: Model, limits?: Limits): RecordedVerdict {
  const { history, specification, lacks: missing } = subject;
  const verdict = checkModel(history, model, specification, limits);
  if (verdict.type !== 'holds') return verdict;
  const lacks = missing.find((one) => model.dependsOn.includes(one));
  return lacks === undefined ? verdict : { type: 'unknown', why: { code: 'not-recorded', lacks } };
}
