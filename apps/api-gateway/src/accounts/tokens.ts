import type { NewTokens } from '@cloudhero/persistence';
import { hashToken, newApiKey, newRefreshToken } from '@cloudhero/secrets';

/** A new key and refresh token: what is stored, and what is answered once. */
export function newTokens(keyName: string) {
  const key = newApiKey();
  const refresh = newRefreshToken();
  const stored: NewTokens = {
    keyName,
    keyHash: hashToken(key),
    keyLastFour: key.slice(-4),
    refreshHash: hashToken(refresh),
  };
  const answer = [{ persistent_token: key, errors: [] as string[], refreshing_token: refresh }];
  return { stored, answer };
}
