'use strict';
/* What people read (spec) and what test/run.mjs counts (mocha's own JSON report), with the reason of each skip. */
const { reporters } = require('mocha');

module.exports = class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.skipped = [];
    const output = options.reporterOptions?.output;
    if (output) this.json = new reporters.JSON(runner, { ...options, reporterOption: { output } });
    runner.on('pending', (test) => this.skipped.push(`  ${test.fullTitle()}: ${reasonOf(test)}`));
  }

  epilogue() {
    super.epilogue();
    if (this.skipped.length > 0) reporters.Base.consoleLog(`Skipped:\n${this.skipped.join('\n')}\n`);
  }
};

function reasonOf(test) {
  for (let owner = test; owner; owner = owner.parent) if (owner.skipReason) return owner.skipReason;
  return 'no reason given';
}
