const { default: Sequencer } = require('@jest/test-sequencer');

/** The same order every time: specs share a cluster, and what fails must fail again. */
module.exports = class AlphabeticalSequencer extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => a.path.localeCompare(b.path));
  }
};
