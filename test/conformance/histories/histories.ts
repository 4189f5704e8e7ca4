// `npm run conformance -- histories DIR`: recorded histories with verdicts, listed in verdicts.tsv.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guessedSpecification, readHistory, subjectOf } from '../../../src/check/formats/read-history.ts';
import { checkModel, modelOf } from '../../../src/check/models/models.ts';
import type { Json } from '../../../src/protocol/types.ts';
import { shippedSpecifications } from '../../../src/protocol/specifications/shipped.ts';
import type { SuiteResult } from '../suite.ts';
import { type LitmusResult, reported } from './report.ts';

export async function historiesConformance([folder]: readonly string[]): Promise<SuiteResult> {
  const path = folder ?? (process.env.LOCKSTEP_CONFORMANCE && `${process.env.LOCKSTEP_CONFORMANCE}/histories`);
  if (!path || !existsSync(join(path, 'verdicts.tsv'))) {
    const reason = 'Give the folder with verdicts.tsv and the histories: `-- histories DIR`.';
    return { type: 'unavailable', reason };
  }
  return reported(historyResults(path));
}

/** `isGuessed` ignores what the table says of the object, as the command line must. */
export function historyResults(folder: string, isGuessed = false): LitmusResult[] {
  const [header, ...rows] = readFileSync(join(folder, 'verdicts.tsv'), 'utf8').trim().split('\n');
  const [, , ...columns] = header.split('\t');
  return rows.flatMap((row) => {
    const [file, object, ...verdicts] = row.split('\t');
    return columns.flatMap((column, i): LitmusResult[] => {
      const model = modelOf(column);
      const expected = { true: 'holds', false: 'violated' }[verdicts[i]];
      if (model === undefined || expected === undefined) return [];
      const read = readHistory(readFileSync(join(folder, file), 'utf8'));
      if ('problem' in read) return [{ name: file, expected, found: read.problem.message }];
      const named = shippedSpecifications.find(({ name }) => object.startsWith(name));
      const specification = (isGuessed ? undefined : named) ?? guessedSpecification(read.history)!;
      const initial = isGuessed ? undefined : initialOf(object);
      const subject = subjectOf(read, specification, initial);
      const found = checkModel(subject.history, model, subject.specification).type;
      return [{ name: `${file}, ${column}`, expected, found }];
    });
  });
}

/** `cas-register(init=0)`, `multi-register(init=x=0,y=0)`; undefined if there is none. */
function initialOf(object: string): Json | undefined {
  const written = /\(init=(.*)\)/.exec(object)?.[1];
  if (written === undefined || written === 'free') return undefined;
  if (written === 'nil') return null;
  if (!written.includes('=')) return Number(written);
  const fields = written.split(',').map((field) => field.split('='));
  return Object.fromEntries(fields.map(([key, value]) => [key, Number(value)]));
}
