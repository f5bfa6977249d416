/** End to end, against a running stack that CLOUDHERO_E2E names; see tools/test.mjs. */
module.exports = {
  ...require('../jest.preset.cjs'),
  rootDir: __dirname,
  testMatch: ['<rootDir>/e2e/**/*.e2e.spec.ts'],
  testSequencer: '<rootDir>/e2e/support/sequencer.cjs',
  testTimeout: 600_000,
  maxWorkers: 1,
};
