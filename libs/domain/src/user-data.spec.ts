import { NODE_USER } from './environment-keys';
import { userData } from './user-data';

const pem =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
const text = userData({
  sshPublicKey: 'ssh-ed25519 AAAAlogin a "quoted" comment\n',
  hostPrivateKey: pem,
  hostPublicKey: 'ssh-ed25519 AAAAhost boot',
});

it('is a cloud-config well under 16 KB', () => {
  expect(text).toMatch(/^#cloud-config\n/);
  expect(Buffer.byteLength(text)).toBeLessThan(2048);
});

it('lets our user in with our key, and nobody with a password', () => {
  expect(text).toContain(`- name: ${NODE_USER}\n`);
  expect(text).toContain('- "ssh-ed25519 AAAAlogin a \\"quoted\\" comment"\n');
  expect(text).toContain('ssh_pwauth: false');
});

it('gives the host key as one block, every line indented', () => {
  const indented = pem
    .trim()
    .split('\n')
    .map((line) => `    ${line}\n`);
  expect(text).toContain(`  ed25519_private: |\n${indented.join('')}  ed25519_public: "ssh-`);
});
