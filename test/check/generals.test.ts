/** The run that breaks any number of acknowledgements is constructed, and fails as it is said to. */
import { describe, expect, test } from 'vitest';
import { breakAgreement } from '../../src/check/generals/construction.ts';
import { whyBroken } from '../../src/check/generals/words.ts';
import { simulate } from '../../src/check/simulate.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

function violated(text: string) {
  const { scenario, problems } = parseScenario(text, 'x.broken.scenario.yaml', library);
  expect(problems).toEqual([]);
  const { verdicts } = simulate(scenario!);
  return verdicts.flatMap((one) =>
    one.type === 'violated' && one.reason.code === 'invariant' ? [one.reason.sentence] : []);
}

describe('two generals', () => {
  test('0 to 50 acknowledgements are broken by the loss of the last message', () => {
    for (let number = 0; number <= 50; number++) {
      const broken = breakAgreement(number);
      const [attacks, stays] = number % 2 === 0 ? ['A', 'B'] : ['B', 'A'];
      expect(broken).toMatchObject({ acknowledgements: number, attacks, stays, isSame: true });
      const last = number === 0 ? '0, the order' : number;
      expect(violated(broken.scenario)).toEqual([
        `${attacks} attacks alone: ${stays} did not get message ${last}, and ${attacks} cannot know that.`,
      ]);
    }
  });

  test('without the loss, the same scenario has both attack', () => {
    for (const number of [0, 1, 2, 25]) {
      const { scenario } = breakAgreement(number);
      expect(violated(scenario.replace('- drop', '- deliver'))).toEqual([]);
    }
  });

  test('two sentences say why', () => {
    expect(whyBroken(breakAgreement(2))).toBe(
      'A sent message 2 and no message answers it, so A has the same state at dawn whether or not it ' +
      'arrives, and attacks in both runs. B stays back without message 2: if B attacked without it, ' +
      'message 2 would make no difference and could be left out.',
    );
  });
});
