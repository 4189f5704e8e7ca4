/** Runs a list of canonical actions, letting the cluster run in between, and tells it a line a step. */
import type { Action } from '../../src/kernel/action.ts';
import { formatMoment, parseDuration } from '../../src/kernel/text/duration.ts';
import { Effects } from '../../src/kernel/effects.ts';
import type { Pending } from '../../src/kernel/pending.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, messageName, parseAction } from '../../src/kernel/text/action-text.ts';
import type { World } from '../../src/kernel/world.ts';

export interface Story {
  world: World;
  text: string;
  actions: Action[];
}

/** `run 50ms` lets the cluster run; every other line is an action, which must be possible. */
export function tell(setup: Setup, script: string): Story {
  const world = start(setup);
  const story: Story = { world, text: '', actions: [] };
  const effects = new Effects();
  const take = (action: Action | Pending) => {
    const taken = step(world, action, effects);
    story.text += taken ? line(world, action, effects) : `impossible: ${actionText(action)}\n`;
  };
  for (const command of script.split('\n').map((one) => one.trim())) {
    if (command === '') continue;
    if (command.startsWith('run ')) {
      const until = world.time + parseDuration(command.slice(4))!;
      for (let next = world.next(); next && next.at <= until; next = world.next()) take(next);
      world.time = until;
      continue;
    }
    const action = parseAction(command);
    if (!action) throw new Error(`no action: ${command}`);
    take({ ...action, at: world.time });
  }
  return story;
}

function line(world: World, action: Action | Pending, effects: Effects): string {
  const parts = [`${formatMoment(world.time)} ${actionText(action)}`];
  if (effects.message && action.type !== 'deliver') parts.push(effects.message.body.type);
  if (action.type === 'deliver') parts.push(JSON.stringify(effects.message!.body));
  if (effects.lost) parts.push('LOST');
  for (const event of effects.events) parts.push(`! ${event.name} ${JSON.stringify(event.fields)}`);
  for (const sent of effects.sent) {
    parts.push(`> ${messageName(sent)} ${sent.body.type}${sent.lost ? ` (${sent.lost})` : ''}`);
  }
  for (const timer of effects.timers)
    parts.push(`~ ${timer.timer} ${timer.at < 0 ? 'off' : formatMoment(timer.at)}`);
  for (const reply of effects.replies)
    parts.push(`= ${reply.operation} ${JSON.stringify(reply.result)}`);
  if (effects.failure) parts.push(`THROWN ${effects.failure.message}`);
  return `${parts.join('\n    ')}\n`;
}
