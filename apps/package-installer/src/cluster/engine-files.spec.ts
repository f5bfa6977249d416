import { engineTlsFiles, registryKey, registryLoginFiles } from './engine-files';
import { isRight } from './engine-check.service';

it.each([
  ['https://index.docker.io/v1/', 'https://index.docker.io/v1/'],
  ['https://hub.docker.com', 'https://index.docker.io/v1/'],
  ['docker.io', 'https://index.docker.io/v1/'],
  ['https://registry.example.com:5000/v2/', 'registry.example.com:5000'],
  ['http://Registry.example.com', 'registry.example.com'],
])('files a login to %s under %s', (url, key) => {
  expect(registryKey(url)).toBe(key);
});

it('keeps logins for root and for our user, readable by them alone', () => {
  const files = registryLoginFiles([{ url: 'docker.io', username: 'bob', password: 'p:w' }]);
  expect(files.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([
    ['/root/.docker/config.json', '600', 'root'],
    ['/home/cloudhero/.docker/config.json', '600', 'cloudhero'],
  ]);
  const auth = Buffer.from('bob:p:w').toString('base64');
  expect(JSON.parse(files[0]?.content ?? '')).toEqual({
    auths: { 'https://index.docker.io/v1/': { auth } },
  });
  expect(registryLoginFiles([])).toEqual([]);
});

it('lets nobody but root read the engine’s key', () => {
  const files = engineTlsFiles('ca', { certificate: 'cert', privateKey: 'key' });
  expect(files.find(({ content }) => content === 'key')?.mode).toBe('600');
});

it('takes a certificate as right that names every address and lasts', () => {
  const now = Date.UTC(2030, 0, 1);
  const shown = { expiresAt: new Date(Date.UTC(2032, 0, 1)), addresses: ['1.2.3.4', '127.0.0.1'] };
  expect(isRight(shown, ['1.2.3.4'], now)).toBe(true);
  expect(isRight(shown, ['1.2.3.4', '10.0.0.1'], now)).toBe(false);
  expect(isRight(shown, ['1.2.3.4'], Date.UTC(2031, 6, 1))).toBe(false);
});
