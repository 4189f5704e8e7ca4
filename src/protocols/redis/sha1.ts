/** SHA-1 of a string, by which EVALSHA identifies a script. */

/** FIPS 180-4, section 6.1; the digest in hexadecimal. */
export function sha1(text: string): string {
  const bytes = utf8(text);
  const length = bytes.length;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (const shift of [56, 48, 40, 32, 24, 16, 8, 0]) {
    bytes.push(Math.floor((length * 8) / 2 ** shift) % 256);
  }
  const hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < bytes.length; block += 64) {
    const words: number[] = [];
    for (let t = 0; t < 16; t++) {
      const [a, b, c, d] = bytes.slice(block + 4 * t, block + 4 * t + 4);
      words.push((a << 24) | (b << 16) | (c << 8) | d);
    }
    for (let t = 16; t < 80; t++) {
      words.push(rotated(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1));
    }
    digest(hash, words);
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function digest(hash: number[], words: readonly number[]): void {
  let [a, b, c, d, e] = hash;
  for (let t = 0; t < 80; t++) {
    const [mixed, constantOfRound] =
      t < 20
        ? [(b & c) | (~b & d), 0x5a827999]
        : t < 40
          ? [b ^ c ^ d, 0x6ed9eba1]
          : t < 60
            ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
            : [b ^ c ^ d, 0xca62c1d6];
    const next = (rotated(a, 5) + mixed + e + constantOfRound + words[t]) | 0;
    [a, b, c, d, e] = [next, a, rotated(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((word, i) => (hash[i] = (hash[i] + word) | 0));
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
      bytes.push(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return bytes;
}
