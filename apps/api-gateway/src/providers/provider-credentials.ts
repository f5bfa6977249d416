import { maskSecret } from '@cloudhero/secrets';
import type { CreateProvider } from './provider.dto';

export interface ProviderCredentials {
  type: 'ec2' | 'digital_ocean';
  credentials: Record<string, string>;
  masked: Record<string, string>;
  field: string;
}

/** A provider's credentials as they are sealed and shown, and the field that a refusal is about. */
export function credentialsOf(body: CreateProvider): ProviderCredentials {
  if (body.cloud_provider === 'ec2') {
    const { accessKey, secretKey } = body;
    return {
      type: 'ec2',
      credentials: { accessKey, secretKey },
      // An access key's id is a name, not a secret.
      masked: { secretKey: maskSecret(secretKey), accessKey },
      field: 'accessKey',
    };
  }
  const { access_token } = body;
  return {
    type: 'digital_ocean',
    credentials: { access_token },
    masked: { access_token: maskSecret(access_token) },
    field: 'access_token',
  };
}
