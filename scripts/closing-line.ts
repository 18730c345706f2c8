import process from 'node:process';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends a run with one line that a plain log reader can count: `N passed, N failed, N skipped`. Before it, one line for
 * each test that was skipped.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.state() === 'failed' && module.children.size === 0) count.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state] += 1;
        if (state === 'skipped') process.stdout.write(`skipped: ${test.fullName}\n`);
      }
    }
    process.stdout.write(
      `\n${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped\n`,
    );
  }
}
