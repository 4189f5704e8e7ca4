/** The states of a level that wait: of each its number, its length and its words. */
export class Frontier {
  private all = new Int32Array(1 << 16);
  used = 0;

  get bytes(): number {
    return this.all.byteLength;
  }

  push(state: number, words: Int32Array, length: number): void {
    if (this.used + length + 2 > this.all.length) {
      const larger = new Int32Array(Math.ceil(this.all.length * 1.5) + length);
      larger.set(this.all);
      this.all = larger;
    }
    const { all } = this;
    let to = this.used;
    all[to++] = state;
    all[to++] = length;
    for (let i = 0; i < length; i++) all[to++] = words[i];
    this.used = to;
  }

  stateAt(at: number): number {
    return this.all[at];
  }

  wordsAt(at: number): Int32Array<ArrayBuffer> {
    return this.all.subarray(at + 2, this.after(at));
  }

  /** Where the next one begins. */
  after(at: number): number {
    return at + 2 + this.all[at + 1];
  }
}
