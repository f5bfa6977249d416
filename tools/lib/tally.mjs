import { existsSync, readFileSync } from 'node:fs';
import { bold, duration, green, red, say } from './say.mjs';

/** Counts what every runner of a test run has seen. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = [];

  /** A check that is one command: its exit code tells. */
  async check(name, work) {
    const began = performance.now();
    let code;
    try {
      code = (await work()) ?? 0;
    } catch (error) {
      say(red(error.message));
      code = 1;
    }
    if (code === 0) this.passed++;
    else this.failed++;
    const verdict = code === 0 ? green('passed') : red('FAILED');
    say(`   ${bold(name)} ${verdict} in ${duration(performance.now() - began)}`);
  }

  skip(name, reason) {
    this.skipped.push(`${name}: ${reason}`);
    say(`   ${bold(name)} skipped: ${reason}`);
  }

  /** Adds jest's own report; one that is missing or that ran nothing is a failure. */
  addJest(file, code) {
    if (!existsSync(file)) return void this.failed++;
    const report = JSON.parse(readFileSync(file, 'utf8'));
    this.passed += report.numPassedTests;
    this.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
    if (code !== 0 && report.numFailedTests + report.numRuntimeErrorTestSuites === 0) this.failed++;
    for (const { assertionResults } of report.testResults)
      for (const { status, fullName } of assertionResults)
        if (status === 'pending' || status === 'todo') this.skipped.push(fullName);
  }

  /** Adds a TAP report of node's test runner. */
  addTap(file, code) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    this.passed += count('pass');
    this.failed += Math.max(count('fail'), code === 0 ? 0 : 1);
  }

  /** The closing lines; the last one is what machines read. */
  close() {
    if (this.skipped.length > 0)
      say(`\nSkipped:\n${this.skipped.map((line) => `  ${line}`).join('\n')}`);
    say(`\n${this.passed} passed, ${this.failed} failed, ${this.skipped.length} skipped`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
