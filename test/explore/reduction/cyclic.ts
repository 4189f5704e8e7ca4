/** Random nodes that go round in circles, so that states are reached in many ways. */
import type { Problem } from '../../../src/explore/search/problem.ts';
import { type Cluster, type Part, problem } from './cluster.ts';
import { dice, type Roll } from './random-cluster.ts';

const ids = ['a', 'b', 'c'];
const timers = ['p', 'q', 'r'];

function part(roll: Roll, modes: number): Part {
  const rows = timers.map(() => Array.from({ length: modes }, () => ({
    mode: roll(modes), sets: timers[roll(4)], cancels: timers[roll(4)], to: ids[roll(9)],
  })));
  const onMessage = Array.from({ length: modes }, () => {
    return { mode: roll(modes), sets: timers[roll(4)] };
  });
  // oxlint-disable-next-line typescript/no-explicit-any -- roles without types
  const fire = (node: any, row: { mode: number; sets?: string; cancels?: string; to?: string }) => {
    node.state.mode = row.mode;
    if (row.cancels !== undefined) node.cancelTimer(row.cancels);
    if (row.sets !== undefined) node.setTimer(row.sets, 1);
    if (row.to !== undefined && row.to !== node.id) node.send(row.to, { type: 'M' });
  };
  return {
    state: { mode: 0 },
    sets: timers.slice(0, 1 + roll(2)),
    messages: { M: (node) => fire(node, onMessage[node.state.mode]) },
    timers: Object.fromEntries(timers.map((name, i) => {
      // oxlint-disable-next-line typescript/no-explicit-any -- roles without types
      return [name, (node: any) => fire(node, rows[i][node.state.mode])];
    })),
  };
}

export function cyclicProblem(seed: number): Problem {
  const roll = dice(seed);
  const modes = 2 + roll(2);
  const cluster: Cluster = {
    parts: Object.fromEntries(ids.map((id) => [id, part(roll, modes)])),
    isOrdered: roll(2) === 0,
  };
  return problem(cluster, { limits: { messages: 1 + roll(2), states: 1_500 } });
}
