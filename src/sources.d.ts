// All sources beside a file, by name, which are also shown to the person who debugs them:
// `import files from './library.ts?sources'`.
declare module '*?sources' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
