export { hashPassword, verifyPassword } from './passwords';
export { Sealer, UnsealError } from './sealer';
export { hashToken, maskSecret, newApiKey, newRefreshToken } from './tokens';
export { sealContext } from './seal-context';
export { newSshKeyPair } from './ssh-keys';
export type { SshKeyPair } from './ssh-keys';
