import { timingSafeEqual } from 'node:crypto';
import { Client } from 'ssh2';

export interface SshTarget {
  host: string;
  privateKey: string;
  /** The base64 part of the host's OpenSSH public key; another one ends the connection. */
  hostKey: string;
}

/** Runs one command as the image's user; its output. Rejects with it where the command fails. */
export function ssh(target: SshTarget, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on('error', reject);
    // A machine that reboots may end the connection without an error, or say nothing at all.
    client.on('close', () => reject(new Error('The connection was closed')));
    client.on('ready', () =>
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        let output = '';
        const add = (chunk: Buffer) => void (output += chunk.toString('utf8'));
        channel.on('data', add).stderr.on('data', add);
        channel.on('close', (code: number) => {
          client.end();
          if (code === 0) resolve(output.trim());
          else reject(new Error(`${command} ended with ${code}: ${output.slice(-2000)}`));
        });
      }),
    );
    client.connect({
      host: target.host,
      username: 'admin',
      privateKey: target.privateKey,
      readyTimeout: 5000,
      keepaliveInterval: 2000,
      keepaliveCountMax: 2,
      algorithms: { serverHostKey: ['ssh-ed25519'] },
      hostVerifier: (key: Buffer) => {
        const expected = Buffer.from(target.hostKey, 'base64');
        return key.length === expected.length && timingSafeEqual(key, expected);
      },
    });
  });
}
