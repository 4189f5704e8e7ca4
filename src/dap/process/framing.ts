/** Lets only well-formed messages through, and finds the next one after bytes that are not. */
import { Transform } from 'node:stream';

/** Why bytes of a client were skipped. */
export type FrameProblem =
  /** No header, or none with a length that is a number. */
  | { readonly type: 'no length' }
  | { readonly type: 'too long'; readonly length: number; readonly most: number }
  | { readonly type: 'not JSON' };

const separator = '\r\n\r\n';
/** No request comes near it: the sources of a protocol are read from files. */
const lengthMost = 16 * 1024 * 1024;
/** A header ends long before. */
const headerMost = 64 * 1024;
/** The last header field of a length, even if what is before it is not a header. */
const lengthField = /(?:^|.*[^\w-])Content-Length: *(\d+) *(?:\r\n[\w-]+:[^\r\n]*)*$/is;

/**
 * The bytes of a client without those that are not messages. The length of a bad header is not
 * known, so its body cannot be skipped: the next header is searched in it.
 */
export function framed(report: (problem: FrameProblem) => void): Transform {
  const reader = new FrameReader(report);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const json of reader.read(chunk)) {
        this.push(`Content-Length: ${Buffer.byteLength(json)}${separator}${json}`);
      }
      done();
    },
  });
}

class FrameReader {
  private data = Buffer.alloc(0);
  /** The length of the body that follows; undefined before its header. */
  private length: number | undefined;
  /** True from a bad header on: what is skipped then was reported. */
  private isLost = false;

  constructor(private readonly report: (problem: FrameProblem) => void) {}

  /** The messages that are complete now. */
  *read(chunk: Buffer): Generator<string> {
    this.data = Buffer.concat([this.data, chunk]);
    for (;;) {
      if (this.length === undefined && !this.readHeader()) return;
      if (this.length === undefined) continue;
      if (this.data.length < this.length) return;
      const json = this.readBody(this.length);
      if (json !== undefined) yield json;
    }
  }

  /** True if there was a header, good or bad. */
  private readHeader(): boolean {
    const end = this.data.indexOf(separator);
    if (end < 0) {
      if (this.data.length > headerMost) this.skip(this.data.length - 100, { type: 'no length' });
      return false;
    }
    const header = this.data.toString('latin1', Math.max(0, end - headerMost), end);
    const length = Number(lengthField.exec(header)?.[1]);
    if (Number.isNaN(length)) {
      this.skip(end + separator.length, { type: 'no length' });
    } else if (length > lengthMost) {
      this.skip(end + separator.length, { type: 'too long', length, most: lengthMost });
    } else {
      const isWhole = /^(?:[\w-]+:[^\r\n]*(?:\r\n|$))+$/.test(header);
      this.skip(end + separator.length, isWhole ? undefined : { type: 'no length' });
      this.isLost = false;
      this.length = length;
    }
    return true;
  }

  private readBody(length: number): string | undefined {
    const json = this.data.toString('utf8', 0, length);
    this.length = undefined;
    if (isJson(json)) {
      this.data = this.data.subarray(length);
      return json;
    }
    // If the length was too large, the next header begins in this body, so nothing is skipped yet.
    this.skip(0, { type: 'not JSON' });
    return undefined;
  }

  private skip(count: number, problem: FrameProblem | undefined): void {
    this.data = this.data.subarray(count);
    if (problem && !this.isLost) this.report(problem);
    if (problem) this.isLost = true;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
