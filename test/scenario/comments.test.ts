/** The comments of a scenario file: at its top, above its steps, beside them. */
import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { library } from '../../src/protocols/library.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

const head = 'title: T\nprotocol: raft\nnodes:\n  n1..n3: replica\n  client: client\n';

function parsed(text: string, overrides = {}): Scenario {
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', library, overrides);
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  return scenario;
}

function comments(steps: string): (string | undefined)[] {
  return parsed(`${head}steps:\n${steps}`).steps.map(({ comment }) => comment);
}

describe('the comments of a scenario', () => {
  test('introduce it at the top of the file, a paragraph a line', () => {
    const top = '# yaml-language-server: $schema=x\n# One\n# story.\n#\n# More <b>of</b> it.\n\n# And.\n';
    const { introduction } = parsed(`${top}${head}steps:\n  - crash n1\n`);
    expect(introduction).toBe('One story.\nMore <b>of</b> it.\nAnd.');
    expect(parsed(`${head}# later\nsteps:\n  - crash n1\n`).introduction).toBeUndefined();
    expect(parsed(`\n${head}steps:\n  - crash n1\n`).introduction).toBeUndefined();
  });

  test('are of the step below them or beside them, and never part of its text', () => {
    const steps = [
      '  # n1 begins,',
      '  # for sure.',
      '  - fire n1 election',
      '  - crash n1   # its memory is gone,',
      '               # its disk is not',
      '',
      '  # A second chance.',
      '',
      '  - restart n1 # from disk',
      '  - wait 1s',
      '',
    ].join('\n');
    expect(comments(steps)).toEqual([
      'n1 begins, for sure.',
      'its memory is gone, its disk is not',
      'A second chance.\nfrom disk',
      undefined,
    ]);
    expect(parsed(`${head}steps:\n${steps}`).steps[1].text).toBe('crash n1');
  });

  test('are found for steps in quotes, with a colon, in a block, and without a last newline', () => {
    const steps = [
      '  - "crash n1"  # quoted',
      '  - at 2s: heal # a pair',
      '  - client put x "a#b" # not the first',
      '  # a block',
      '  - >-',
      '    wait until',
      '    LeaderElected',
      '  - wait 1s # last',
    ].join('\n');
    expect(comments(steps)).toEqual(['quoted', 'a pair', 'not the first', 'a block', 'last']);
  });

  test('of files with Windows line ends are the same', () => {
    expect(comments('  # one\r\n  - crash n1 # two\r\n  - restart n1\r\n')).toEqual([
      'one\ntwo',
      undefined,
    ]);
  });

  test('belong to steps of the file, not to those that a launch configuration sets', () => {
    const settings = { steps: ['crash n2'] };
    const { steps } = parsed(`# top\n${head}steps:\n  - crash n1 # beside\n`, { settings });
    expect(steps.map(({ text, comment }) => [text, comment])).toEqual([['crash n2', undefined]]);
  });
});
