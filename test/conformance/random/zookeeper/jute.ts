// ZooKeeper's serialization (jute), as far as its clients need it: big-endian numbers, and strings
// and buffers after their length.

export class JuteWriter {
  private readonly parts: Buffer[] = [];

  int(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value);
    return this.add(part);
  }

  long(value: bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64BE(value);
    return this.add(part);
  }

  bool(value: boolean): this {
    return this.add(Buffer.from([value ? 1 : 0]));
  }

  buffer(value: Buffer): this {
    return this.int(value.length).add(value);
  }

  string(value: string): this {
    return this.buffer(Buffer.from(value));
  }

  strings(values: readonly string[]): this {
    this.int(values.length);
    for (const value of values) this.string(value);
    return this;
  }

  add(part: Buffer): this {
    this.parts.push(part);
    return this;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }

  /** With its length in front, as a packet is sent. */
  get packet(): Buffer {
    const { bytes } = this;
    return new JuteWriter().int(bytes.length).add(bytes).bytes;
  }
}

export class JuteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  int(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  long(): bigint {
    this.at += 8;
    return this.bytes.readBigInt64BE(this.at - 8);
  }

  bool(): boolean {
    this.at += 1;
    return this.bytes[this.at - 1] !== 0;
  }

  /** A length of −1 stands for null, which is read as empty. */
  buffer(): Buffer {
    const length = Math.max(0, this.int());
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  string(): string {
    return this.buffer().toString('utf8');
  }

  strings(): string[] {
    return Array.from({ length: Math.max(0, this.int()) }, () => this.string());
  }
}
