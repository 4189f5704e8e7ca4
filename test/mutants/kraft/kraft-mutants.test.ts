/** Each invariant of KRaft can fail: random schedules catch a mutant that violates it. */
import { expect, test } from 'vitest';
import { kraft } from '../../../src/protocols/kraft/kraft.ts';
import { kraftFamily } from '../../protocols/kraft/family.ts';
import { catches } from '../consensus/catches.ts';
import { kraftMutants } from './kraft-mutants.ts';

const sentences = catches(kraft, kraftMutants, () => kraftFamily);

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "One Leader Per Quorum Epoch: c1 leads the quorum in epoch 1, as c2 did.",
      "One Vote Per Epoch: c3 voted for c1 in epoch 1, and for c3.",
      "Quorum Epoch Never Goes Back: The epoch of c3 went from 5 back to 4.",
      "Metadata Logs Match: c3 has another batch of epoch 4 at offset 7.",
      "Leader Has All Committed Metadata: c1 leads in epoch 2 without the committed offset 4.",
      "Committed Metadata Is Final: c3 committed a batch of epoch 9 at offset 10, where one of epoch 7 was committed.",
      "Metadata High Watermark Never Goes Back: The high watermark of c1 went from 8 back to 7.",
      "Brokers Act On Committed Metadata: b1 acts on offset 1 of epoch 2, which is not committed.",
      "Answers Rest On Committed Metadata: c3 gave b2 the broker epoch 1, an offset that is not committed.",
      "Fenced Brokers Do Not Lead: b3 is in sync in partition epoch 1, and is fenced or shuts down.",
      "A New Leader Has A Later Epoch: The leader changed from b1 to b2, and the leader epoch from 0 to 0.",
      "Fenced Before It Registers Again: b2 registered again in broker epoch 14, and was not fenced in 1.",
      "One Leader Per Epoch: b2 leads in epoch 0, as b3 did.",
      "Maximal ISR Covers Committed ISR: b2 is in the committed ISR, but its leader b1 does not count it.",
      "Acknowledged Records Survive: Offset 4 was acknowledged with acks=all: record p1 1 of leader epoch 0. b2 leads in epoch 3 without it.",
      "Logs Agree Up To High Watermark: b2 has the high watermark 9, but its log ends at 6.",
      "Logs Agree Up To High Watermark: At offset 2 below the high watermark, b1 has record p1 1 of leader epoch 0, and another replica had p1 1 of leader epoch 1.",
      "High Watermark Never Goes Back: The high watermark of b2 went from 7 back to 0.",
      "Consumers Read Committed Records: c read record p1 4 of leader epoch 0 at offset 0, which no replica has below its high watermark.",
    ]
  `);
});
