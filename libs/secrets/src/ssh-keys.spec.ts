import { newSshKeyPair } from './ssh-keys';

it('never makes a key of the wrong length', () => {
  const lengths = Array.from({ length: 1500 }, () => {
    const [, material = ''] = newSshKeyPair('spec').publicKey.split(' ');
    return Buffer.from(material, 'base64').length;
  });
  expect(new Set(lengths)).toEqual(new Set([51]));
});
