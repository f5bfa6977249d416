/** Every project's specs in one run; `npx nx test NAME` runs one project's. */
module.exports = {
  projects: [
    '<rootDir>/apps/*',
    '<rootDir>/libs/*',
    '<rootDir>/test/contract',
    '<rootDir>/test/conformance',
  ],
};
