// `npm run conformance -- litmus FILE`: litmus tests with the verdict of each consistency model.
import { existsSync, readFileSync } from 'node:fs';
import { checkModel, modelOf } from '../../../src/check/models/models.ts';
import type { SuiteResult } from '../suite.ts';
import { type Litmus, litmusOf } from './notation.ts';
import { type LitmusResult, reported } from './report.ts';

export async function litmusConformance([file]: readonly string[]): Promise<SuiteResult> {
  const path = file ?? (process.env.LOCKSTEP_CONFORMANCE && `${process.env.LOCKSTEP_CONFORMANCE}/litmus.tsv`);
  if (!path || !existsSync(path)) {
    return { type: 'unavailable', reason: 'Give the file of litmus tests: `-- litmus FILE`.' };
  }
  return reported(litmusResults(readFileSync(path, 'utf8')));
}

/** One result for each test and model; a dash says that the model is not defined for the test. */
export function litmusResults(text: string): LitmusResult[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [, , ...columns] = lines[0].split('\t');
  const histories = new Map<string, string>();
  return lines.slice(1).flatMap((line) => {
    const [name, written, ...verdicts] = line.split('\t');
    const [id] = name.split(' ');
    const history = written.replace(/^(L\d+)\s+then\s+/, (_whole, earlier: string) => {
      return `${histories.get(earlier)} · `;
    });
    histories.set(id, history);
    const litmus = litmusOf(history);
    return columns.flatMap((column, i): LitmusResult[] => {
      const expected = { Y: 'holds', N: 'violated' }[verdicts[i]];
      if (expected === undefined || modelOf(column) === undefined) return [];
      return [{ name: `${name}, ${column}`, expected, found: verdictOf(litmus, column) }];
    });
  });
}

/** Without times, a history is linearizable if it is sequentially consistent. */
function verdictOf({ history, specification, isTimed }: Litmus, column: string): string {
  const name = column === 'linearizable' && !isTimed ? 'sequential' : column;
  return checkModel(history, modelOf(name)!, specification).type;
}
