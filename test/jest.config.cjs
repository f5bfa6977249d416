/** End to end, against a running stack that CLOUDHERO_E2E names; see tools/test.mjs. */
module.exports = {
  ...require('../jest.preset.cjs'),
  rootDir: __dirname,
  testMatch: ['<rootDir>/e2e/**/*.e2e.spec.ts'],
  // These take services and stores away, so they have a stack of their own.
  testPathIgnorePatterns: ['/node_modules/', 'own-faults'],
  testSequencer: '<rootDir>/e2e/support/sequencer.cjs',
  testTimeout: 600_000,
  maxWorkers: 1,
};
