/** What `import … from 'lockstep'` means for the models in `published`, without a workspace. */
export * from '../../src/protocol/define.ts';
export * from '../../src/protocol/types.ts';
export * from '../../src/protocol/units.ts';
