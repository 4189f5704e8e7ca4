/** The words of how a run ended: a summary, and a line for each verdict. */
import { verdictMarks } from '../../check/verdict-words.ts';
import type { Ending, VerdictView } from '../contract.ts';

/** `all 4 hold`, `1 violated, 3 hold`, `stopped early`. */
export function endingSummary({ stoppedEarly, verdicts, counts }: Ending): string {
  if (stoppedEarly) return 'stopped early';
  if (verdicts.length === 0) return 'the scenario has no expectations';
  const found = (['violated', 'holds', 'unknown'] as const).filter((type) => counts[type] > 0);
  const all = found.length === 1 && verdicts.length > 1 ? 'all ' : '';
  return all + found.map((type) => `${counts[type]} ${verdictWord(type, counts[type])}`).join(', ');
}

function verdictWord(type: VerdictView['type'], count: number): string {
  return type === 'holds' && count > 1 ? 'hold' : type;
}

export function ended(ending: Ending): string {
  return `Ended: ${endingSummary(ending)}`;
}

/** `13 of 13 hold`, `1 of 2 holds`. */
export function holdCount({ verdicts, counts }: Ending): string {
  return `${counts.holds} of ${verdicts.length} ${counts.holds === 1 ? 'holds' : 'hold'}`;
}

export function verdictLine({ type, subject, sentence, step }: VerdictView): string {
  const line = `${verdictMarks[type]} ${subject}`;
  if (sentence === '') return line;
  return `${line}: ${sentence}${step === undefined ? '' : ` (step ${step})`}`;
}

export function spokenEnding(ending: Ending): string {
  return [ended(ending), ...ending.verdicts.map(verdictLine)].join('. ');
}
