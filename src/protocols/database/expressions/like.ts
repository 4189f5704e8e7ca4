/** The patterns of LIKE: `%` stands for any text, `_` for one character. */

export function likePattern(pattern: string, anyCase: boolean, text: string): boolean {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '%') source += '[^]*';
    else if (char === '_') source += '[^]';
    else {
      const literal = char === '\\' && i + 1 < pattern.length ? pattern[++i] : char;
      source += literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, anyCase ? 'i' : '').test(text);
}
