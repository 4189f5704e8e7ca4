/** What a job of a queue says, and what names it: plain data. */
import { createHash } from 'node:crypto';
import type { Part } from '../../explore/search/parts/part.ts';
import type { SearchJob, SeedsJob, SeedsRange, WalkJob } from '../seeds/seeds-thread.ts';
import { toWire } from './wire.ts';

/** What a thread is started with; it does many ranges or parts of it. */
export type Head = SeedsJob | WalkJob | SearchJob;

export interface QueueJob {
  readonly head: Head;
  readonly range: SeedsRange | Part;
}

/** Nothing renews the lock of a worker that was killed: another one takes its job after this. */
export const lockMs = 5_000;
/** A job that ended so many workers ends no more. */
export const stalledMost = 3;
/** How long results are kept, so that a sweep that was ended goes on where it was. */
export const keptSeconds = 3_600;
export const keptMost = 1_000;

/** Only workers of the same build take a job, because others may come to another result. */
export function queueName(version: string, build: string): string {
  return `lockstep-${version}-${build}`.replaceAll(':', '-');
}

/** Equal jobs have one name, so that the queue has each once, however often it is added. */
export function jobId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

export function jobText(job: QueueJob): string {
  return toWire(job);
}
