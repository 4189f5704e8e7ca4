/** `hashtext`: Bob Jenkins's hash (lookup3) of the text's bytes, as in PostgreSQL's hashfn.c. */

export function hashText(text: string): number {
  const bytes = utf8(text);
  let a = (0x9e3779b9 + bytes.length + 3923095) | 0;
  let b = a;
  let c = a;
  let at = 0;
  const word = (from: number) =>
    (byte(bytes, from) | (byte(bytes, from + 1) << 8) | (byte(bytes, from + 2) << 16) |
      (byte(bytes, from + 3) << 24)) | 0;
  while (bytes.length - at >= 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    [a, b, c] = mix(a, b, c);
    at += 12;
  }
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  // The lowest byte of c is reserved for the length.
  const last = byte(bytes, at + 8) << 8 | byte(bytes, at + 9) << 16 | byte(bytes, at + 10) << 24;
  c = (c + last) | 0;
  return final(a, b, c);
}

const byte = (bytes: readonly number[], at: number): number => bytes[at] ?? 0;

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function mix(a: number, b: number, c: number): [number, number, number] {
  a = (a - c) ^ rotated(c, 4); c = (c + b) | 0;
  b = (b - a) ^ rotated(a, 6); a = (a + c) | 0;
  c = (c - b) ^ rotated(b, 8); b = (b + a) | 0;
  a = (a - c) ^ rotated(c, 16); c = (c + b) | 0;
  b = (b - a) ^ rotated(a, 19); a = (a + c) | 0;
  c = (c - b) ^ rotated(b, 4); b = (b + a) | 0;
  return [a, b, c];
}

function final(a: number, b: number, c: number): number {
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return c;
}

function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return bytes;
}

const tail = (code: number): number => 0x80 | (code & 0x3f);
