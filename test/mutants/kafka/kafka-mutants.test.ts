/** Each invariant of Kafka can fail: random schedules catch a mutant that violates it. */
import { expect, test } from 'vitest';
import { kafka } from '../../../src/protocols/kafka/kafka.ts';
import { kafkaFamily } from '../../protocols/kafka/family.ts';
import { catches } from '../consensus/catches.ts';
import { kafkaMutants } from './kafka-mutants.ts';

const sentences = catches(kafka, kafkaMutants, () => kafkaFamily);

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "One Controller Per Epoch: n3 is the controller in epoch 1, and so is n1.",
      "One Leader Per Epoch: n3 leads in epoch 0, as n1 did.",
      "Replaced Controllers Do Not Write: Leader epoch 1 was written in controller epoch 1, but /controller_epoch is 2.",
      "Leader Epoch Never Goes Back: The leader epoch in ZooKeeper went from 1 back to 0.",
      "Stale Controllers Are Refused: n2 obeyed controller epoch 1 after 2.",
      "Maximal ISR Covers ZooKeeper: n3 is in the ISR of ZooKeeper, but its leader n1 does not count it.",
      "Acknowledged Records Survive: Offset 3 was acknowledged with acks=all: record p1 9 of leader epoch 0. n3 leads in epoch 2 without it.",
      "Acknowledged Records Survive: Offset 0 was acknowledged with acks=all: record p1 2 of leader epoch 0. n3 leads in epoch 2 without it.",
      "Logs Agree Up To High Watermark: At offset 1 below the high watermark, n1 has record p2 2 of leader epoch 0, and another replica had p1 2 of leader epoch 2.",
      "Logs Agree Up To High Watermark: n1 has the high watermark 14, but its log ends at 1.",
      "High Watermark Never Goes Back: The high watermark of n3 went from 13 back to 12.",
      "Consumers Read Committed Records: c read record p2 1 of leader epoch 0 at offset 0, which no replica has below its high watermark.",
    ]
  `);
});
