// A protocol's source is also shown to the person who debugs it: `import text from
// './raft.ts?raw'`.
declare module '*?raw' {
  const text: string;
  export default text;
}
