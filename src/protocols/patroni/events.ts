/** The events of the protocol, each with one sentence. */
import type { Client } from './client-types.ts';
import type { Dcs, MemberEvents } from './state.ts';

type Name = keyof MemberEvents | keyof Dcs['events'] | keyof Client['events'] | 'SplitBrain';

export const events: Record<Name, string> = {
  LeaderKeyTaken: 'The lease store gave the free leader key to a member.',
  LeaderKeyRefreshed: 'The leader refreshed its key: the TTL begins again.',
  LeaderKeyExpired: 'The leader key was not refreshed within its TTL, and is free.',
  LeaderKeyReleased: 'A member gave the leader key back.',
  TimelineBegan: 'The lease store noted where a new timeline begins, before its first write.',
  SyncWritten: 'The lease store noted which members may promote in synchronous mode.',
  LeaderKeyAcquired: 'A member learned that it has the leader key.',
  LeaderKeyRefused: 'A member learned that another one was faster.',
  RaceBegan: 'A member sees that the leader key is free, and checks whether it may take it.',
  RaceWon: 'A member passed all checks, and tries to take the leader key.',
  RaceRefused: 'A member may not take the leader key, for the given reason.',
  Promoted: 'A member became primary: its new timeline begins after that LSN.',
  Demoted: 'A primary became a replica, for the given reason; its sessions ended.',
  DcsFailed: 'A member gave up a request to the lease store, after retryTimeout.',
  FailsafeContinued: 'A primary goes on without the lease store, as all others accepted.',
  FailsafeAccepted: 'A member accepted that a primary goes on, and does not race for ttl.',
  WriteAppended: 'A primary wrote a record to its WAL.',
  WriteAcknowledged: 'A primary answers a write; mode is its synchronousMode.',
  WriteRefused: 'A replica refused a write, because it is read-only.',
  WriteFenced: 'A write reached a machine that its watchdog had reset.',
  ReplicationBegan: 'A replica streams the WAL of the primary.',
  WritesLost: 'A member rewound its WAL to that of the primary, which lacks these writes.',
  StandbyChanged: 'Commits wait for another standby, or for none (synchronous_standby_names).',
  WatchdogArmed: 'A member that is about to be primary armed its watchdog.',
  WatchdogFed: 'The agent fed the watchdog, after the leader key was refreshed.',
  WatchdogFired: 'The watchdog was not fed in time, and reset the machine.',
  AgentStalled: 'The agent of a member does not run, while PostgreSQL goes on.',
  AgentResumed: 'The agent of a member runs again.',
  AddressChanged: 'A client takes another member for the primary.',
  OutcomeUnknown: 'A client does not know whether its write happened.',
  SplitBrain: 'A primary accepted a write after a later timeline had begun.',
};
