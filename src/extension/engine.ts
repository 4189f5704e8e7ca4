// What the extension uses of the other layers. In Node it is a bundle of its own, loaded on demand.
export * from '../cli/engine.ts';
