import { Client } from 'ssh2';
import { RUN_COMMAND, remoteScript } from './remote-script';
import { SshError } from './ssh.error';

export interface SshTarget {
  host: string;
  /** Default 22. */
  port?: number;
  username: string;
  privateKey: string;
  /** Host keys that are the node's, `ssh-ed25519 AAAA… COMMENT`; any other ends the connection. */
  hostKeys: readonly string[];
}

export interface RunOptions {
  /** Standard output and error together, as it comes. */
  onOutput?: (text: string) => void;
  signal: AbortSignal;
}

/** One verified SSH connection, on which root's scripts run. */
export class SshConnection {
  private constructor(
    private readonly client: Client,
    /** Which of the target's host keys the node showed. */
    readonly hostKey: string,
  ) {
    // Whoever runs something hears of it by 'close'; unheard, 'error' would end the process.
    client.on('error', () => undefined);
  }

  /** @throws SshError */
  static open(target: SshTarget, timeoutMs: number, signal: AbortSignal): Promise<SshConnection> {
    const { hostKeys, ...login } = target;
    const client = new Client();
    let seen: string | undefined;
    let mismatch = false;
    return new Promise((resolve, reject) => {
      const settle = () => {
        signal.removeEventListener('abort', onAbort);
        client.removeAllListeners();
      };
      const fail = (error: SshError) => {
        settle();
        client.on('error', () => undefined);
        client.destroy();
        reject(error);
      };
      const onAbort = () => fail(new SshError('aborted', 'aborted'));
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      client.once('ready', () => {
        settle();
        resolve(new SshConnection(client, seen ?? ''));
      });
      client.once('error', (error: Error & { level?: string }) => {
        if (mismatch) return fail(new SshError('mismatch', 'its SSH host key is another one'));
        const auth = error.level === 'client-authentication';
        fail(new SshError(auth ? 'auth' : 'refused', error.message || 'no answer', error));
      });
      client.once('close', () => fail(new SshError('refused', 'the connection was closed')));
      client.connect({
        ...login,
        readyTimeout: timeoutMs,
        keepaliveInterval: 5000,
        keepaliveCountMax: 4,
        // Every key that we know is of this type; a server that has others as well must show it.
        algorithms: { serverHostKey: ['ssh-ed25519'] },
        hostVerifier: (key: Buffer) => {
          seen = hostKeys.find((known) => blobOf(known).equals(key));
          mismatch = seen === undefined;
          return !mismatch;
        },
      });
    });
  }

  /**
   * Runs shell code as root. @returns its exit status. @throws SshError `lost` when the connection
   * broke off (the code goes on at the node), `aborted` when `signal` asked to let go of it.
   */
  run(code: string, options: RunOptions): Promise<number> {
    return this.exec(RUN_COMMAND, remoteScript(code), options);
  }

  /** What a short command prints that our user runs. @throws SshError as `run` does. */
  async ask(command: string, signal: AbortSignal): Promise<string> {
    let output = '';
    await this.exec(command, '', { signal, onOutput: (text) => (output += text) });
    return output;
  }

  private exec(command: string, input: string, { onOutput, signal }: RunOptions): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        signal.removeEventListener('abort', onAbort);
        this.client.off('close', onClose);
      };
      const fail = (error: SshError) => {
        settle();
        reject(error);
      };
      const onClose = () => fail(new SshError('lost', 'the connection broke off'));
      const onAbort = () => {
        fail(new SshError('aborted', 'aborted'));
        this.close();
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.client.once('close', onClose);
      try {
        this.client.exec(command, (error, channel) => {
          if (error) return fail(new SshError('lost', error.message, error));
          const decoder = new TextDecoder();
          const onData = (data: Buffer) => onOutput?.(decoder.decode(data, { stream: true }));
          let status: number | null = null;
          channel.on('data', onData);
          channel.stderr.on('data', onData);
          channel.on('exit', (exit: number | null) => (status = exit));
          channel.on('close', () => {
            if (status === null) return onClose();
            settle();
            resolve(status);
          });
          channel.end(input);
        });
      } catch (error) {
        fail(new SshError('lost', 'the connection is closed', error));
      }
    });
  }

  close(): void {
    this.client.destroy();
  }
}

/** The part of a public key that identifies it. */
function blobOf(publicKey: string): Buffer {
  return Buffer.from(publicKey.trim().split(/\s+/)[1] ?? '', 'base64');
}

/** Whether two public keys are the same, whatever their comments. */
export function sameKey(one: string, other: string): boolean {
  return blobOf(one).equals(blobOf(other));
}
