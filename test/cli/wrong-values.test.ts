// Each option that takes a number or a time says what it expects, and the exit code is 2.
import { describe, expect, test } from 'vitest';
import { Shell } from './shell.ts';

const paxos = `protocol: paxos
nodes: { p1: proposer, a1..a3: acceptor }
steps:
  - start p1 propose red
`;
const history = '{"process":0,"type":"invoke","f":"read","value":null}\n';
const shell = () => new Shell({ 'p.scenario.yaml': paxos, 'h.jsonl': history });

const time = 'must be a time above zero, such as 30s';
const positive = 'must be a positive integer';
const seeds = 'must be two numbers such as';
const fault = '`crashes` needs a number or `any`';

const notPositive = ['0', '-1', '1.5', '1e3', '0x10', 'many', ''];
const notTimes = ['0s', '0us', '-1s', '30', 'soon', ''];
const notSeeds = ['9..1', '-1', '-1..5', '1..', '1..x', ''];

const explore = ['explore', 'p.scenario.yaml'];
const run = ['run', 'p.scenario.yaml'];
const sweep = [...run, '--seeds', '1..5'];
const check = ['history', 'h.jsonl', '--model', 'all'];

const options: [string, string[], string, string[], string][] = [
  ['explore', explore, '--for', notTimes, time],
  ['explore', explore, '--max-states', notPositive, positive],
  ['explore', explore, '--max-depth', notPositive, positive],
  ['explore', explore, '--max-messages', notPositive, positive],
  ['explore', explore, '--max-memory', notPositive, positive],
  ['explore', explore, '--workers', notPositive, positive],
  ['explore', explore, '--seeds', notSeeds, seeds],
  ['explore', explore, '--leads-to', ['p1.up', 'p1.up,', 'p1.up,0s', 'p1.up,-1s', 'p1.up,10'],
    'must be a condition and a time above zero'],
  ['explore', explore, '--faults', ['crashes=-1', 'crashes=1.5', 'crashes=1e3', 'crashes=',
    'crashes=Infinity', 'crashes'], fault],
  ['run', sweep, '--for', notTimes, time],
  ['run', sweep, '--workers', notPositive, positive],
  ['run', run, '--seeds', notSeeds, seeds],
  ['run', run, '--seed', ['-1', '1.5', '1e3', 'x', ''], 'must be a non-negative integer'],
  ['run', run, '--until', ['-5s'], 'is not a number'],
  ['compare', ['compare', 'p.scenario.yaml'], '--seeds', notSeeds, seeds],
  ['export', ['export', 'p.scenario.yaml'], '--steps', notSeeds, 'must be two numbers'],
  ['history', check, '--steps', notPositive, positive],
  ['history', check, '--memory', notPositive, positive],
  ['history', ['history', 'h.jsonl', '--view'], '--steps', notPositive, positive],
  ['dap', ['dap'], '--port', ['-1', '65536', '1.5', '1e3', 'x', ''], 'must be an integer from 0'],
];

const rows = options.flatMap(([name, args, option, values, expected]) => {
  return values.map((value) => [name, option, value, args, expected] as const);
});

test.each(rows)('%s %s %j', async (_, option, value, args, expected) => {
  const { code, out, error } = await shell().run(...args, option, value);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toContain(expected);
  expect(error).toMatch(/^(lockstep: |--until:1:).+\n$/);
});

describe('arguments that no command understands', () => {
  test.each([
    [['--for'], '--for needs a value: `--for VALUE`'],
    [['--for', '--json'], '--for needs a value'],
    [['--json=yes'], '--json takes no value: leave out `=yes`'],
    [['--max-state', '5'], 'there is no option `--max-state` (did you mean `--max-states`?)'],
    [['-z'], 'there is no option `-z`'],
    [['--json', '--json'], '--json is given twice: give it once'],
  ])('%j', async (args, expected) => {
    const { code, out, error } = await shell().run('explore', 'p.scenario.yaml', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(`lockstep: ${expected}`);
    expect(error).toMatch(/\nTry `lockstep help explore`\.\n$/);
  });
});
