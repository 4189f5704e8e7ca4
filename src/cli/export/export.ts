/** `lockstep export FILE`: writes a run as one HTML file that plays in a browser by itself. */
import { stepsText } from '../../view/panel-words/run-page.ts';
import { type RecordedRun, type Span, stepsMax } from '../../view/export/recorded-run.ts';
import { pageFiles, type PageParts, pageTexts, runPage } from '../../view/export/run-page.ts';
import { writeFile } from '../files.ts';
import { loadToRun } from '../load.ts';
import { readSeed, refuse, type Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { recordRun } from './record-run.ts';

/** Returns 0 if the file is written, 2 for bad input. */
export async function exportRun(
  [file, ...others]: string[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (file === undefined || others.length > 0) {
    return refuse('export needs one file: `lockstep export FILE --html OUT.html`', terminal);
  }
  const seed = readSeed(values);
  if ('problem' in seed) return refuse(seed.problem, terminal);
  const output = outputOf(file, values, terminal);
  if ('problem' in output) return refuse(output.problem, terminal);
  const span = spanOf(values.steps);
  if ('problem' in span) return refuse(span.problem, terminal);
  const loaded = await loadToRun(file, terminal, values, seed);
  if (loaded?.source === undefined) return 2;
  const { scenario, source, code } = loaded;
  const runnable = { scenario, source, ...(code && { code }) };
  const run = await recordRun(runnable, span.span, terminal);
  if ('problem' in run) return refuse(run.problem, terminal);
  if (values.view === true) {
    await terminal.out(`${JSON.stringify(run)}\n`);
    return 0;
  }
  if (!(await writeFile('html', output.file, () => htmlOf(run, terminal), terminal))) return 2;
  await terminal.out(`${output.file}: ${stepsText(run.about)}\n`);
  return 0;
}

/** The file of `--html`, or one in the working directory that is named as the scenario. */
function outputOf(
  scenario: string,
  { html, view }: Values,
  terminal: Terminal,
): { readonly file: string } | { readonly problem: string } {
  if (view === true) {
    return html === undefined
      ? { file: '' }
      : { problem: 'choose one of --html and --view, which prints what the file would play' };
  }
  const { write, shipped, deflated } = terminal;
  if (write === undefined || shipped === undefined || deflated === undefined) {
    return { problem: 'files cannot be written here' };
  }
  if (typeof html !== 'string') {
    const name = scenario.split(/[\\/]/).at(-1)!.replace(/(\.scenario)?\.ya?ml$/i, '');
    return { file: `${name}.html` };
  }
  if (/\.html?$/i.test(html)) return { file: html };
  return { problem: `--html: the name must end in .html, not \`${html}\`` };
}

/** The steps of `--steps A..B`. */
function spanOf(
  given: Values[string],
): { readonly span: Span | undefined } | { readonly problem: string } {
  if (given === undefined) return { span: undefined };
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(String(given)) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first > last) {
    return { problem: `--steps must be two numbers such as 0..500, not \`${String(given)}\`` };
  }
  if (last <= stepsMax) return { span: { first, last } };
  return { problem: `--steps: a file shows at most ${stepsMax} steps, so there is no ${last}` };
}

function htmlOf(run: RecordedRun, terminal: Terminal): string {
  const parts = shippedParts(terminal.shipped!);
  const texts = pageTexts(run, parts);
  const compressed = terminal.deflated!;
  return runPage(run, parts, { code: compressed(texts.code), run: compressed(texts.run) });
}

function shippedParts(shipped: (file: string) => string): PageParts {
  const files = JSON.parse(shipped(pageFiles.modules)) as readonly string[];
  const modules = files.map((file) => {
    return { name: file.split('/').at(-1)!, text: shipped(`${pageFiles.folder}/${file}`) };
  });
  return { template: shipped(pageFiles.template), modules };
}
