/** Reports stops to the client, and whether its focus stays where it is. */
import type { Stop } from '../../session/stop.ts';
import type { FocusKept } from '../../view/contract.ts';
import { clusterThread } from '../requests/frames.ts';
import type { CommandOrigin } from './moving.ts';
import { stoppedBody } from './stopped.ts';

export class StopReports {
  kept: FocusKept = 'never';

  constructor(private readonly send: (event: string, body: unknown) => void) {}

  /** `from` is set if the client gave a command, and did not know that it would move the run. */
  stopped(stop: Stop, thread: number, from?: CommandOrigin): void {
    // Without this event, the client keeps showing the exception box of the previous stop.
    if (from) this.continued();
    this.send('stopped', stoppedBody(stop, thread, this.kept, from));
  }

  continued(): void {
    this.send('continued', { threadId: clusterThread, allThreadsContinued: true });
  }
}
