/** Every cloud driver against the sandbox of its cloud; wants `apps/cloud-sandbox` built. */
module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  testMatch: ['<rootDir>/**/*.conformance.spec.ts'],
  testTimeout: 60_000,
};
