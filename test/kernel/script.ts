/** Runs canonical actions, and lets the cluster run in between. Each step becomes a line of text. */
import type { Action } from '../../src/kernel/action.ts';
import { formatTime, parseDuration } from '../../src/kernel/text/duration.ts';
import { Effects } from '../../src/kernel/effects.ts';
import type { Pending } from '../../src/kernel/pending.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, messageName, parseAction } from '../../src/kernel/text/action-text.ts';
import type { World } from '../../src/kernel/world.ts';

export interface ScriptRun {
  world: World;
  text: string;
}

/** `run 50ms` lets the cluster run. Every other line is an action, which may be impossible. */
export function runScript(setup: Setup, script: string): ScriptRun {
  const world = start(setup);
  const run: ScriptRun = { world, text: '' };
  const effects = new Effects();
  const take = (action: Action | Pending) => {
    const taken = step(world, action, effects);
    run.text += taken ? line(world, action, effects) : `impossible: ${actionText(action)}\n`;
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
    if (!action) throw new Error(`not an action: ${command}`);
    take({ ...action, at: world.time });
  }
  return run;
}

function line(world: World, action: Action | Pending, effects: Effects): string {
  const parts = [`${formatTime(world.time)} ${actionText(action)}`];
  if (effects.message && action.type !== 'deliver') parts.push(effects.message.body.type);
  if (action.type === 'deliver') parts.push(JSON.stringify(effects.message!.body));
  if (effects.lost) parts.push('LOST');
  for (const event of effects.events) parts.push(`! ${event.name} ${JSON.stringify(event.fields)}`);
  for (const sent of effects.sent) {
    parts.push(`> ${messageName(sent)} ${sent.body.type}${sent.lost ? ` (${sent.lost})` : ''}`);
  }
  for (const timer of effects.timers)
    parts.push(`~ ${timer.timer} ${timer.at < 0 ? 'off' : formatTime(timer.at)}`);
  for (const reply of effects.replies)
    parts.push(`= ${reply.operation} ${JSON.stringify(reply.result)}`);
  if (effects.failure) parts.push(`THROWN ${effects.failure.message}`);
  return `${parts.join('\n    ')}\n`;
}
