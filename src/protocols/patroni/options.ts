/** The options of a member: Patroni's settings, with its defaults and its names in camel case. */
import type { Micros, OptionsFault } from '../../protocol/types.ts';
import { asDuration, seconds } from '../../protocol/units.ts';

export interface MemberOptions {
  loopWait: Micros;
  ttl: Micros;
  retryTimeout: Micros;
  maximumLagOnFailover: number;
  checkTimeline: boolean;
  synchronousMode: string;
  failoverPriority: number;
  failsafeMode: boolean;
  watchdog: string;
  watchdogDevice: boolean;
  safetyMargin: Micros;
  startTime: Micros;
  resetTime: Micros;
}

export const options = {
  loopWait: {
    kind: 'duration',
    default: seconds(10),
    min: seconds(1),
    doc: 'How often the agent runs its loop, `loop_wait`; at least 1s.',
  },
  ttl: {
    kind: 'duration',
    default: seconds(30),
    min: seconds(20),
    doc: 'How long the leader key lives without a refresh, `ttl`; at least 20s.',
  },
  retryTimeout: {
    kind: 'duration',
    default: seconds(10),
    min: seconds(3),
    doc: 'How long it repeats a request to the lease store, `retry_timeout`; at least 3s.',
  },
  maximumLagOnFailover: {
    kind: 'integer',
    default: 1000,
    min: 0,
    doc: 'How many records a replica may lack and still promote; Patroni counts bytes, 1 MiB.',
  },
  checkTimeline: {
    kind: 'boolean',
    default: false,
    doc: 'Whether a replica on an older timeline may not promote, `check_timeline`. With more WAL '
      + 'than the others, it still stops them.',
  },
  synchronousMode: {
    kind: 'choice',
    default: 'off',
    choices: ['off', 'on', 'strict'],
    doc: 'on: commits wait for a standby, if there is one. strict: they also wait for one to come.',
  },
  failoverPriority: {
    kind: 'integer',
    default: 1,
    min: 0,
    doc: 'Of replicas with the same WAL, the highest promotes; 0: never, as the tag `nofailover`.',
  },
  failsafeMode: {
    kind: 'boolean',
    default: false,
    doc: 'Whether a primary goes on without the lease store while all other members accept that.',
  },
  watchdog: {
    kind: 'choice',
    default: 'automatic',
    choices: ['off', 'automatic', 'required'],
    doc: 'Whether a watchdog resets the machine; required: without its device it never promotes.',
  },
  watchdogDevice: {
    kind: 'boolean',
    default: true,
    doc: 'Whether the machine has a watchdog device that works.',
  },
  safetyMargin: {
    kind: 'duration',
    default: seconds(5),
    min: 0,
    below: 'ttl',
    doc: 'The watchdog fires this long before the leader key can expire, `safety_margin`.',
  },
  startTime: {
    kind: 'duration',
    default: seconds(1),
    min: 0,
    doc: 'How long after the start of its machine PostgreSQL and the agent run.',
  },
  resetTime: {
    kind: 'duration',
    default: seconds(30),
    min: 0,
    doc: 'How long a machine takes to start after its watchdog reset it.',
  },
} as const;

/** Why these settings do not fit together: with them, a leader might not demote in time. */
export function whyNotOptions(given: Readonly<MemberOptions>): OptionsFault | undefined {
  const { loopWait, retryTimeout, ttl } = given;
  const needed = loopWait + 2 * retryTimeout;
  if (needed <= ttl) return undefined;
  return {
    options: ['ttl', 'loopWait', 'retryTimeout'],
    why: `\`loopWait\` + 2 · \`retryTimeout\` must be at most \`ttl\`, ${asDuration(ttl)}, ` +
      `and not ${asDuration(needed)}`,
  };
}
