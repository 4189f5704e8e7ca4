/** `lockstep history FILE`: checks a recorded history against consistency models. */
import {
  guessedSpecification, historyFormats, readHistory, type RecordedHistory, subjectOf, type Subject,
} from '../../check/formats/read-history.ts';
import { defaultLimits, type Limits } from '../../check/models/limits.ts';
import { anomalyName, verdictLines } from '../../check/models/model-words.ts';
import { checkRecorded } from '../../check/formats/check-recorded.ts';
import { type Model, modelOf, models } from '../../check/models/models.ts';
import type { RecordedVerdict } from '../../check/models/verdict.ts';
import { printable } from '../../kernel/text/data-text.ts';
import { wholeNumber } from '../../kernel/text/whole-number.ts';
import { shippedSpecifications } from '../../protocol/specifications/shipped.ts';
import type { Json } from '../../protocol/types.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import { readText } from '../files.ts';
import { refuse, type Values, wrong } from '../options.ts';
import { printView } from './print-view.ts';
import { chosenPicture, writePicture } from './picture.ts';
import type { Terminal } from '../terminal.ts';

/** Returns 0 if the models hold, 1 if one is violated, 3 if one is unknown, 2 for bad input. */
export async function history(
  [file, ...others]: string[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (file === undefined || others.length > 0) {
    return refuse('history needs one file: `lockstep history FILE --model MODEL`', terminal);
  }
  const limits = chosenLimits(values);
  if ('problem' in limits) return refuse(limits.problem, terminal);
  if (values.view === true) return printView(file, values, terminal);
  const chosen = chosenModels(values);
  if ('problem' in chosen) return refuse(chosen.problem, terminal);
  const picture = chosenPicture(values, chosen, terminal);
  if (picture !== undefined && 'problem' in picture) return refuse(picture.problem, terminal);
  const read = readFile(file, values, terminal);
  if ('problem' in read) return refuse(read.problem, terminal);
  const subject = chosenSubject(read, values);
  if ('problem' in subject) return refuse(subject.problem, terminal);
  if (read.history.length === 0) await terminal.error(emptyNote(file));
  const results: RecordedVerdict[] = [];
  for (const { name, model } of chosen.models(subject.history)) {
    const verdict = checkRecorded(subject, model, limits);
    results.push(verdict);
    if (picture && !(await writePicture(picture.file, model, verdict, subject, terminal))) return 2;
    if (values.json === true) {
      await terminal.out(`${JSON.stringify(reported(name, verdict, subject))}\n`);
      continue;
    }
    if (chosen.isAll) {
      // With several models, each has one line: what it found is said beside them.
      const anomaly = anomalyName(verdict);
      if (anomaly !== undefined) await terminal.error(`lockstep: ${name}: ${anomaly}\n`);
    } else {
      for (const line of verdictLines(subject.history, verdict)) {
        await terminal.out(`${printable(line)}\n`);
      }
    }
    await terminal.out(`${name}: ${verdict.type}\n`);
  }
  if (results.some(({ type }) => type === 'violated')) return 1;
  return results.some(({ type }) => type === 'unknown') ? 3 : 0;
}

/** A run without operations exports such a file. */
function emptyNote(file: string): string {
  return `lockstep: ${file} has no operations, so it violates no model\n`;
}

/** What was chosen with `--model`. */
interface Chosen {
  readonly isAll: boolean;
  models(history: Subject['history']): readonly { name: string; model: Model }[];
}

type Problem = { readonly problem: string };

function unknown(lacks: string, name: string, known: readonly string[]): Problem {
  const hint = didYouMean(name, known) ?? `use one of ${known.join(', ')}`;
  return { problem: `${lacks} \`${name}\` (${hint})` };
}

function chosenModels({ model: wanted }: Values): Chosen | Problem {
  const names = models.map(({ name }) => name);
  if (typeof wanted !== 'string') {
    return { problem: `--model is missing: give all, or one of ${names.join(', ')}` };
  }
  if (wanted === 'all') {
    return {
      isAll: true,
      models: (operations) => {
        const are = operations.some(({ name }) => name === 'txn') ? 'transactions' : 'operations';
        const fitting = models.filter(({ of }) => of === are);
        const some = fitting.length > 0 ? fitting : models;
        return some.map((model) => ({ name: model.name, model }));
      },
    };
  }
  const model = modelOf(wanted);
  if (model === undefined) {
    return unknown('there is no consistency model', wanted, [...names, 'all']);
  }
  return { isAll: false, models: () => [{ name: wanted, model }] };
}

function chosenLimits(values: Values): Limits | Problem {
  const limits = { ...defaultLimits };
  for (const name of ['steps', 'memory'] as const) {
    const given = values[name];
    if (given === undefined) continue;
    const number = wholeNumber(given, 1);
    if (number === undefined) return { problem: wrong(name, given, 'a positive integer') };
    limits[name] = number;
  }
  return limits;
}

function readFile(file: string, values: Values, terminal: Terminal): RecordedHistory | Problem {
  const { format: wanted } = values;
  const names = historyFormats.map(({ name }) => name);
  const format = historyFormats.find(({ name }) => name === wanted);
  if (wanted !== undefined && format === undefined) {
    return unknown('there is no format of histories', String(wanted), names);
  }
  const found = readText(file, terminal);
  if ('problem' in found) return found;
  const read = readHistory(found.text, format);
  if (!('problem' in read)) return read;
  const { line, column, message } = read.problem;
  return { problem: `${file}:${line}:${column}: ${message}` };
}

function chosenSubject(read: RecordedHistory, values: Values): Subject | Problem {
  const { specification: wanted, initial } = values;
  const names = shippedSpecifications.map(({ name }) => name);
  const shipped =
    wanted === undefined
      ? guessedSpecification(read.history)
      : shippedSpecifications.find(({ name }) => name === wanted);
  if (shipped === undefined && wanted !== undefined) {
    return unknown('there is no specification', String(wanted), names);
  }
  if (shipped === undefined) {
    const operations = [...new Set(read.history.map(({ name }) => name))].join(', ');
    return { problem: `no specification has all of these operations: ${operations}` };
  }
  const other = read.history.find(({ name }) => !shipped.operations.includes(name));
  if (other !== undefined) {
    return { problem: `the specification ${shipped.name} has no operation \`${other.name}\`` };
  }
  if (typeof initial !== 'string') return subjectOf(read, shipped);
  try {
    return subjectOf(read, shipped, JSON.parse(initial) as Json);
  } catch {
    return { problem: `--initial must be JSON, such as 0, null or "", not \`${initial}\`` };
  }
}

function reported(model: string, verdict: RecordedVerdict, { name, history: operations }: Subject) {
  const { type, ...rest } = verdict;
  const lines = verdictLines(operations, verdict);
  const about = { specification: name, operations: operations.length };
  return { model, verdict: type, ...about, ...rest, lines };
}
