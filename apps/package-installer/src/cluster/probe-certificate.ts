import type { EngineConnectOptions } from '@cloudhero/docker';
import { connect } from 'node:tls';

export interface EngineCertificate {
  expiresAt: Date;
  /** IP addresses that it is valid for. */
  addresses: string[];
}

/** An engine's certificate as it shows it now, verified by the CA. @throws when there is none. */
export function probeCertificate(
  options: EngineConnectOptions,
  timeoutMs = 3000,
): Promise<EngineCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { valid_to, subjectaltname = '' } = socket.getPeerCertificate();
      const addresses = [...subjectaltname.matchAll(/IP Address:([^,\s]+)/g)].map(
        ([, ip]) => ip ?? '',
      );
      socket.destroy();
      resolve({ expiresAt: new Date(valid_to), addresses });
    });
  });
}
