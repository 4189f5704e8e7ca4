/** Which of many nodes the Sequence panel shows: those of the nearest rows, the actor first. */
import { expect, test } from 'vitest';
import { itemsAmong, nearNodes } from '../../src/view/sequence/crowd.ts';
import { defaultSelection, type SequenceItem } from '../../src/view/sequence/sequence-view.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `n${index + 1}`);

function message(step: number, from: string, to: string, more: object = {}): SequenceItem {
  return {
    type: 'message', id: `${from}->${to}#1`, from, to, messageType: 'Vote', label: 'Vote',
    fields: '', outcome: 'delivered', step, at: step, current: false, ...more,
  } as SequenceItem;
}

const network: SequenceItem = {
  type: 'fault', nodes: ids(100), text: 'heal all links', step: 3, at: 3, current: false,
};
/** n1 asks all others, which answer from n100 down; step 40 is the current one. */
const asked = Array.from({ length: 40 }, (_, index) => {
  return message(index + 1, 'n1', `n${100 - index}`, { current: index === 39 });
});

test('few nodes are all shown', () => {
  expect(nearNodes(ids(15), asked, 'n1')).toBeUndefined();
});

test('of a hundred, those of the current step, the actor, and the latest before it are shown', () => {
  const near = nearNodes(ids(100), [network, ...asked], 'n61')!;
  expect(near).toEqual(['n1', ...Array.from({ length: 9 }, (_, index) => `n${61 + index}`)]);
});

test('an actor without a row is among them, and so is the other end of what is in flight', () => {
  const flying = message(40, 'n1', 'n7', { outcome: 'in-flight' });
  const near = nearNodes(ids(100), [...asked, flying], 'n33')!;
  expect(near).toHaveLength(10);
  for (const id of ['n1', 'n33', 'n61', 'n7']) expect(near).toContain(id);
});

test('a step moves few columns', () => {
  const shown = (last: number) => {
    const items = asked.slice(0, last).map((item, index) => ({ ...item, current: index === last - 1 }));
    return nearNodes(ids(100), items, `n${101 - last}`)!;
  };
  for (let step = 12; step < 40; step++) {
    const before = shown(step);
    expect(shown(step + 1).filter((id) => !before.includes(id))).toHaveLength(1);
  }
});

test('rows of other nodes are left out, and a fault of the network keeps those that are shown', () => {
  const items = itemsAmong([network, ...asked], ['n1', 'n61'], defaultSelection);
  expect(items).toEqual([{ ...network, nodes: ['n1', 'n61'] }, asked[39]]);
});
