// What the extension uses of the other layers: in Node a bundle of its own, loaded when needed.
export * from '../cli/engine.ts';
