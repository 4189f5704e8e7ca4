/** Damaged and random histories in all four formats: each is read or refused, at once. */
import { expect, test } from 'vitest';
import { checkRecorded } from '../../src/check/formats/check-recorded.ts';
import { guessedSpecification, historyFormats, readHistory, subjectOf } from '../../src/check/formats/read-history.ts';
import { verdictLines } from '../../src/check/models/model-words.ts';
import { models } from '../../src/check/models/models.ts';
import { shippedSpecifications } from '../../src/protocol/specifications/shipped.ts';
import { Dice } from '../protocols/dice.ts';

const runs = Number(process.env.LOCKSTEP_SEEDS ?? 1_500);
const limits = { steps: 20_000, memory: 10_000_000 };

const names = ['read', 'write', 'cas', 'get', 'put', 'append', 'delete', 'txn', 'add', 'enqueue', 'dequeue', 'acquire', 'release', 'increment', 'contains'];
const ednValues = ['nil', '1', '2', '[1 2]', '[k nil]', '[k [1 2]]', '"a"', ':a', '#{1 2}', '{:a 1}', '[[:r x nil] [:w x 1]]', '[[:append x 1]]', '[[:r x [1]]]', '[[]]', '1.5M', '9007199254740993N', 'foo/bar'];
const scraps = ['#_', ';', '\\(', '##Inf', '^', '"', '[', ')', '{', '}', ':', '\t', '\r\n', '\uFEFF', '\0', ',', '#tag ', '-', '1e999', '\\u12', '🙂', '#{', 'null', '//'];

function event(dice: Dice, format: string): string {
  const process = dice.one(['0', '1', '2', ':nemesis']);
  const type = dice.one(['invoke', 'invoke', 'ok', 'ok', 'fail', 'info']);
  const f = dice.one(names.slice(0, dice.one([3, 8, names.length])));
  const value = dice.one(ednValues);
  if (format === 'jepsen-log') return `${dice.one(['', 'INFO  jepsen.util - '])}${process}${dice.one(['\t', ' '])}:${type} :${f} ${value}`;
  const key = dice.chance(0.3) ? dice.one(['"x"', '1']) : undefined;
  if (format === 'jsonl') {
    const json = dice.one(['null', '1', '[1,2]', '"a"', '[["r","x",null]]', '[["w","x",1],["r","y",2]]', '12345678901234567890', '{}']);
    return `{"process":${process === ':nemesis' ? '"nemesis"' : process},"type":"${type}","f":"${f}","value":${json}${key ? `,"key":${key}` : ''}}`;
  }
  return `{:process ${process} :type :${type} :f :${f} :value ${value}${key ? ` :key ${key}` : ''}}`;
}

/** Pairs of invocation and response, so that many histories are read to their end. */
function pair(dice: Dice, format: string): string[] {
  const one = event(dice, format);
  const swap = (type: string) => one.replace(/(:type[": ]+:?"?|^\S*\s*\S*\s*:|"type":")(invoke|ok|fail|info)/, `$1${type}`);
  return [swap('invoke'), swap(dice.one(['ok', 'fail', 'info']))];
}

function text(dice: Dice, format: string): string {
  const count = dice.below(6);
  const lines = Array.from({ length: count }, () => (dice.chance(0.8) ? pair(dice, format) : [event(dice, format)])).flat();
  let all = lines.join(dice.one(['\n', '\n', '\r\n', ' ']));
  for (let damage = dice.below(4); damage > 0; damage--) {
    const at = dice.below(all.length + 1);
    const length = dice.one([0, 0, 1, 5]);
    all = all.slice(0, at) + (dice.chance(0.6) ? dice.one(scraps) : '') + all.slice(at + length);
  }
  return all;
}

function judged(given: string, name: string | undefined, dice: Dice): string {
  const format = historyFormats.find((one) => one.name === name);
  const read = readHistory(given, format);
  if ('problem' in read) {
    const { line, column, message } = read.problem;
    if (line < 1 || column < 1 || message === '') throw new Error(JSON.stringify(read.problem));
    return 'refused';
  }
  const shipped = dice.chance(0.8) ? guessedSpecification(read.history) : dice.one([...shippedSpecifications]);
  // The command line refuses a specification that lacks an operation.
  const fits = read.history.every(({ name: operation }) => shipped?.operations.includes(operation));
  if (shipped === undefined || !fits) return 'no specification';
  const subject = subjectOf(read, shipped);
  const model = dice.one([...models]);
  const verdict = checkRecorded(subject, model, limits);
  verdictLines(subject.history, verdict);
  return verdict.type;
}

test('no text throws or hangs', () => {
  const seen: Record<string, number> = {};
  for (let seed = 1; seed <= runs; seed++) {
    const dice = new Dice(seed);
    const format = dice.one(historyFormats.map(({ name }) => name));
    const given = text(dice, format);
    const read = dice.one([format, format, undefined, dice.one(historyFormats.map(({ name }) => name))]);
    try {
      const result = judged(given, read, dice);
      seen[result] = (seen[result] ?? 0) + 1;
    } catch (error) {
      throw new Error(`seed ${seed}, ${format} read as ${read}:\n${given}`, { cause: error });
    }
  }
  for (const result of ['refused', 'holds', 'violated', 'unknown', 'no specification']) {
    expect(seen[result], result).toBeGreaterThan(runs / 200);
  }
});

test('what is long or deep is refused or read at once', () => {
  const deep = (open: string) => `{:process 0 :type :invoke :f :write :value ${open.repeat(50_000)}`;
  for (const open of ['[', '{', '#{', '#a ', '#_ ', '(', '"\\']) expect(readHistory(deep(open))).toHaveProperty('problem');
  const long = `{:process 0 :type :invoke :f :write :value "${'ab\\n'.repeat(500_000)}"}`;
  expect(readHistory(long)).toHaveProperty('history');
  expect(readHistory(`0 :invoke :write ${' '.repeat(500_000)}x`, historyFormats[0])).toHaveProperty('history');
  expect(readHistory(`${' '.repeat(100_000)}x`, historyFormats[0])).toHaveProperty('problem');
});
