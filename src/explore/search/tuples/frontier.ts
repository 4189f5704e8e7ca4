/** The states that wait: of each its number, depth, and words, between two counts of these. */
export class Frontier {
  private all = new Int32Array(1 << 8);
  used = 0;

  get bytes(): number {
    return this.all.byteLength;
  }

  push(state: number, depth: number, words: Int32Array, length: number): void {
    if (this.used + length + around > this.all.length) {
      const larger = new Int32Array(Math.ceil(this.all.length * 1.5) + length + around);
      larger.set(this.all);
      this.all = larger;
    }
    const { all } = this;
    let to = this.used;
    all[to++] = state;
    all[to++] = depth;
    all[to++] = length;
    for (let i = 0; i < length; i++) all[to++] = words[i];
    all[to++] = length;
    this.used = to;
  }

  stateAt(at: number): number {
    return this.all[at];
  }

  depthAt(at: number): number {
    return this.all[at + 1];
  }

  /** How many words a state has. */
  lengthAt(at: number): number {
    return this.all[at + 2];
  }

  /** Copies the words of a state. A view of them would take longer to make, and to collect. */
  read(at: number, words: Int32Array): void {
    const { all } = this;
    const length = all[at + 2];
    for (let i = 0; i < length; i++) words[i] = all[at + 3 + i];
  }

  /** Where the next one begins. */
  after(at: number): number {
    return at + around + this.all[at + 2];
  }

  /** Where the last one begins, if there is one. */
  get last(): number {
    return this.used - around - this.all[this.used - 1];
  }
}

/** What a state takes beside its words. */
const around = 4;
