/** What we say and are told, against the public descriptions of the APIs that we speak. */
module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
