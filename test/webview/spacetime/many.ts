/** A long run that nothing has simulated: the page's columns, for tests and for the bench. */
import type {
  SpacetimeAnswer, SpacetimeQuestion, SpacetimeView, StepsAnswer,
} from '../../../src/view/spacetime/spacetime-view.ts';
import { outcomes, stepKinds } from '../../../src/view/spacetime/spacetime-view.ts';
import type { Moment } from '../../../src/view/contract.ts';

const labels = [
  'AppendEntries', 'AppendEntriesResult', 'RequestVote', 'EntryAppended index 7', 'LeaderElected',
  'start',
];

export interface Many {
  readonly moment: Moment;
  readonly view: SpacetimeView;
  answer(question: SpacetimeQuestion): SpacetimeAnswer;
}

/** A message arrives in each step: from another node, sent a few steps before, at times refused. */
export function manyMessages(messages: number, nodes = 5): Many {
  const lane = 'many';
  const length = messages;
  const time = (step: number) => step * 400 + ((step * 7919) % 97);
  const receiver = (step: number) => (step * 7 + Math.floor(step / 11)) % nodes;
  const steps = (from: number, most: number, known: number): StepsAnswer => {
    const end = Math.min(from + most, length + 1);
    const all = Array.from({ length: end - from }, (_, index) => from + index);
    const moved = all.filter((step) => step > 0);
    return {
      type: 'steps',
      from,
      times: all.map((step) => (step === 0 ? 0 : time(step) - time(step - 1))),
      nodes: all.map((step) => (step === 0 ? -1 : receiver(step))),
      kinds: all.map((step) => stepKinds.indexOf(step === 0 ? 'start' : 'message')),
      labels: all.map((step) => (step === 0 ? 5 : step % 3)),
      messages: moved.flatMap((step) => {
        const sent = Math.max(0, step - 1 - ((step * 13) % 9));
        const from = (receiver(step) + 1 + (step % (nodes - 1))) % nodes;
        const outcome = step % 101 === 0 ? 'lost' : step % 53 === 0 ? 'refused' : 'delivered';
        const place = outcomes.indexOf(outcome);
        return [step, from, receiver(step), sent, time(sent), time(step), place, step % 3];
      }),
      events: moved.filter((step) => step % 4 === 0).flatMap((step) => {
        return [step, receiver(step), step % 5_000 === 0 ? 4 : 3];
      }),
      marks: moved.filter((step) => step % 5_000 === 0).map((step) => {
        return { step, type: 'standing', node: receiver(step), text: 'leader', tone: 'lead' };
      }),
      texts: labels.slice(known),
      ...(end === length + 1 ? { flying: [] } : {}),
    };
  };
  const ids = Array.from({ length: nodes }, (_, index) => ({ id: `n${index + 1}`, role: 'replica' }));
  return {
    moment: {
      title: 'Many messages', scenario: 'many.scenario.yaml', branch: 0, step: length,
      steps: length, time: time(length),
      action: { command: '', sentence: '', isCommandEnough: false, events: [], replies: [] },
      stop: { type: 'pause' },
    },
    view: {
      lanes: [{
        key: lane, branch: 0, title: '', nodes: ids, boots: ids.map(() => true), length,
        cursor: length,
      }],
      branches: [], twin: '', compare: { type: 'nothing' }, shared: 0,
    },
    answer(question) {
      switch (question.type) {
        case 'steps':
          return steps(question.from, question.most, question.labels);
        case 'cone': {
          const { step, node } = question;
          const counts = { past: step, future: length - step, concurrent: 0 };
          const each = ids.map(() => Math.floor(step / nodes));
          const future = ids.map(() => Math.min(length, step + 9));
          return { type: 'cone', step, node, lamport: step, past: each, future, counts };
        }
        case 'search': {
          const next = Math.min(length + 1, question.from + question.most);
          const all = Array.from({ length: next - question.from }, (_, at) => question.from + at);
          const found = all.filter((step) => step > 0 && step % 997 === 0);
          return { type: 'search', next, steps: found, failed: 0 };
        }
        default:
          return { type: 'gone' };
      }
    },
  };
}
