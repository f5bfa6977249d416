import { createLogger } from './logger';

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
