/** Every cloud driver against the sandbox of its cloud. */
module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  testMatch: ['<rootDir>/**/*.conformance.spec.ts'],
};
