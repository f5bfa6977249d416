import { EXIT_BUSY } from '../ssh/remote-script';
import { installFailure, lastMeaningfulLines } from './install-failure';
import { INSTALL_EXIT } from './install-script';

const output = `Reading package lists...
Building dependency tree...
Reading state information...
E: Unable to locate package no-such-package
`;

it('says what failed and how, and tries again only where that can help', () => {
  const unavailable = installFailure('apt:no-such-package', INSTALL_EXIT.unavailable, output);
  expect(unavailable).toMatchObject({ code: 'package_failed', temporary: false });
  expect(unavailable.message).toContain('apt:no-such-package');
  expect(unavailable.message).toContain('E: Unable to locate package no-such-package');
});

it.each([
  [INSTALL_EXIT.update, true],
  [INSTALL_EXIT.download, true],
  [EXIT_BUSY, true],
  [INSTALL_EXIT.goingDown, true],
  [143, true],
  [INSTALL_EXIT.configure, false],
  [INSTALL_EXIT.service, false],
  [INSTALL_EXIT.check, false],
  [1, false],
])('takes exit status %i as temporary: %s', (status, temporary) => {
  expect(installFailure('git', status, '').temporary).toBe(temporary);
});

it('prefers complaints, leaves out noise, and falls back to the last lines', () => {
  expect(lastMeaningfulLines(output)).toBe('E: Unable to locate package no-such-package');
  expect(lastMeaningfulLines('Get:1 http://x\nall is well\n\nso far\n')).toBe(
    'all is well | so far',
  );
  expect(lastMeaningfulLines('')).toBe('');
  expect(lastMeaningfulLines('error '.repeat(1000)).length).toBeLessThanOrEqual(600);
});
