/**
 * What a step caused, one line for each effect: the form in which a trace keeps it. Nothing parses
 * these lines: a replay compares them.
 */
import { contentText } from '../data/plain.ts';
import type { Effects } from '../effects.ts';
import { messageName, timerName } from './action-text.ts';
import { formatTime } from './duration.ts';
import { lostText } from './lost-text.ts';

/** The words with which a line begins. */
export const effectWords: ReadonlySet<string> = new Set([
  'lost', 'refused:', 'event', 'send', 'timer', 'reply', 'threw', 'violated',
]);

/**
 * - `lost`: the message of the action did not reach its receiver; `lost (sent again at 3.000000s)`
 * - `event n1 TermChanged {"from":0,"to":1}`
 * - `send n1->n2#4 at 0.012345s {"type":"RequestVote"}`, or `lost (partition)` in place of the time
 * - `timer n1 election at 0.150000s`, or `off`
 * - `reply client#1 ok "value"`, or `failed`
 * - `threw n1 "message"`
 * - `violated "ElectionSafety" "why"`
 */
export function effectLines(effects: Effects): string[] {
  const lines: string[] = [];
  if (effects.lost) lines.push(lostText(effects));
  for (const { node, name, fields } of effects.events) {
    lines.push(`event ${node} ${name} ${contentText(fields)}`);
  }
  for (const sent of effects.sent) {
    const fate = sent.lost === '' ? `at ${formatTime(sent.at)}` : `lost (${sent.lost})`;
    lines.push(`send ${messageName(sent)} ${fate} ${contentText(sent.body)}`);
  }
  for (const { node, timer, key, at } of effects.timers) {
    const when = at < 0 ? 'off' : `at ${formatTime(at)}`;
    lines.push(`timer ${node} ${timerName(timer, key)} ${when}`);
  }
  for (const { operation, ok, result } of effects.replies) {
    lines.push(`reply ${operation} ${ok ? 'ok' : 'failed'} ${contentText(result)}`);
  }
  const { failure } = effects;
  if (failure !== null) lines.push(`threw ${failure.node} ${JSON.stringify(failure.message)}`);
  for (const { monitor, reason } of effects.violations) {
    lines.push(`violated ${JSON.stringify(monitor)} ${contentText(reason)}`);
  }
  return lines;
}
