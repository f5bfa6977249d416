import { closeSync, existsSync, openSync } from 'node:fs';
import { createLogger, logDestination } from './logger';

it('never writes a secret, at any depth that we log', () => {
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
  logger.info({
    password: 'TOPSECRET',
    body: { secretKey: 'TOPSECRET', name: 'kept' },
    req: { headers: { authorization: 'TOPSECRET', 'authentication-token': 'TOPSECRET' } },
  });
  expect(lines.join('')).not.toContain('TOPSECRET');
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ service: 'test', body: { name: 'kept' } });
});

const itWithFullDevice = existsSync('/dev/full') ? it : it.skip;

itWithFullDevice('goes on while the disk is full, and holds only so much back', () => {
  const full = openSync('/dev/full', 'w');
  const logger = createLogger('test', 'info', logDestination(full));
  const text = 'x'.repeat(10_000);
  for (let line = 0; line < 2000; line += 1) logger.info(text);
  const before = process.memoryUsage().rss;
  for (let line = 0; line < 20_000; line += 1) logger.info(text);
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  closeSync(full);
});
