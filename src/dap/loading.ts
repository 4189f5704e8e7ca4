/** The launch or restart under way, which the client may cancel while files are read. */
import { RequestRefusal } from './refusal.ts';

export class Loading {
  /** A value that differs from the one at the beginning means that it was cancelled. */
  private current: object | undefined;
  private request: number | undefined;

  /** Notes the number of the request that will begin to load. */
  noteRequest(request: number): void {
    this.request = request;
  }

  cancel(): void {
    this.current = undefined;
  }

  /** Cancels this request if it is under way, and returns whether it was. */
  cancelRequest(request: number | undefined): boolean {
    const isThis = request !== undefined && request === this.request && this.current !== undefined;
    if (isThis) this.cancel();
    return isThis;
  }

  /** Throws a refusal if it was cancelled in the meantime, whatever its result. */
  async unlessCancelled<Result>(load: Promise<Result>): Promise<Result> {
    const token = {};
    this.current = token;
    const [result] = await Promise.allSettled([load]);
    if (this.current !== token) throw new RequestRefusal({ code: 'cancelled' });
    this.current = undefined;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }
}
