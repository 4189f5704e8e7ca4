// What the extension uses of the other layers. In Node it is a separate bundle, loaded on demand.
export * from '../cli/engine.ts';
