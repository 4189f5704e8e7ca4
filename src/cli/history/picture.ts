/** `lockstep history FILE --model M --svg FILE`: the witness as a picture. */
import type { Subject } from '../../check/formats/read-history.ts';
import type { Model } from '../../check/models/models.ts';
import type { RecordedVerdict } from '../../check/models/verdict.ts';
import { drawWitness, leftOut } from '../../view/history/draw-witness.ts';
import { svgText } from '../../view/history/svg.ts';
import { verdictView } from '../../view/history/witness-view.ts';
import { leftOutText, witnessInWords, witnessTitle } from '../../view/panel-words/history.ts';
import { writeFile } from '../files.ts';
import type { Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';

/** The file of `--svg`; undefined without the option. */
export function chosenPicture(
  { svg }: Values,
  { isAll }: { readonly isAll: boolean },
  terminal: Terminal,
): { readonly file: string } | { readonly problem: string } | undefined {
  if (typeof svg !== 'string') return undefined;
  if (isAll) return { problem: '--svg draws the witness of one model: name it with --model' };
  if (terminal.write === undefined) return { problem: '--svg: files cannot be written here' };
  if (/\.svg$/i.test(svg)) return { file: svg };
  return { problem: `--svg: the name must end in .svg, not \`${svg}\`` };
}

/** Returns false if the file cannot be written. */
export async function writePicture(
  file: string,
  model: Model,
  verdict: RecordedVerdict,
  { history }: Subject,
  terminal: Terminal,
): Promise<boolean> {
  const view = verdictView(history, model, verdict);
  if (view.type !== 'violated') {
    const why = `${model.name} ${view.type === 'holds' ? 'holds' : 'is unknown'}`;
    await terminal.error(`lockstep: ${why}, so there is no witness: ${file} was not written\n`);
    return true;
  }
  const { witness, lines } = view;
  const more = leftOutText(leftOut(witness));
  const description = [...lines, ...witnessInWords(witness), ...(more === '' ? [] : [more])];
  const textOf = () => svgText(drawWitness(witness), witnessTitle(model.name), description);
  return writeFile('svg', file, textOf, terminal);
}
