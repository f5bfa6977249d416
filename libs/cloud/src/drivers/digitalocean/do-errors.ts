import { CloudHeroError, type ErrorCode } from '@cloudhero/domain';
import { AxiosError } from 'axios';

const ADVICE = {
  credentials_refused:
    'DigitalOcean refused the access token. Check it and add the provider again.',
  permission_denied:
    'The access token lacks a permission. Make one with read and write scope for the account.',
  quota_exceeded:
    'The account’s droplet limit does not allow more servers. Ask DigitalOcean for a higher one, or delete some.',
  capacity_unavailable:
    'DigitalOcean has no free servers of this size in this region at the moment. Try another size or region.',
  image_not_found: 'The image is not there at DigitalOcean.',
  not_found: 'DigitalOcean does not know it.',
  conflict: 'DigitalOcean is still busy with an earlier change.',
  throttled: 'DigitalOcean asks us to slow down.',
  cloud_unavailable: 'DigitalOcean does not answer properly.',
  invalid_request: 'DigitalOcean refused the request.',
} as const satisfies Partial<Record<ErrorCode, string>>;

type DoCode = keyof typeof ADVICE;

const BY_STATUS: Record<number, DoCode> = {
  401: 'credentials_refused',
  403: 'permission_denied',
  404: 'not_found',
  408: 'cloud_unavailable',
  409: 'conflict',
  429: 'throttled',
};

/**
 * What a 422 means. All have the id `unprocessable_entity`, so only the words tell them apart; those
 * that fit nothing are `invalid_request`.
 */
const BY_WORDS: readonly (readonly [RegExp, DoCode])[] = [
  [/pending event|locked|in progress|already processing/i, 'conflict'],
  [/limit/i, 'quota_exceeded'],
  [/image/i, 'image_not_found'],
  [
    /(un|not (currently )?)available|capacity|temporarily disabled|sold out/i,
    'capacity_unavailable',
  ],
];

/**
 * Whether DigitalOcean itself says that there is no such thing. A 404 without its words is from
 * something in between, and a node must not be given up for that.
 */
export function isNotFound(error: unknown): boolean {
  return asCloudError(error).code === 'not_found';
}

/** Translates what the HTTP client throws. */
export function asCloudError(error: unknown): CloudHeroError {
  if (error instanceof CloudHeroError) return error;
  const status = error instanceof AxiosError ? error.response?.status : undefined;
  const said = wordsOf(error);
  const code = codeOf(status, said);
  const detail = said ?? (error instanceof Error ? error.message : String(error));
  const retryAfterMs = error instanceof AxiosError ? retryAfter(error) : undefined;
  return new CloudHeroError(code, `${ADVICE[code]} (${detail})`, {
    cause: withoutSecrets(error),
    ...(code === 'throttled' && retryAfterMs !== undefined ? { retryAfterMs } : {}),
  });
}

function codeOf(status: number | undefined, said: string | undefined): DoCode {
  if (status === undefined || status < 400 || status >= 500) return 'cloud_unavailable';
  if (status === 404 && said === undefined) return 'cloud_unavailable';
  if (status === 422)
    return BY_WORDS.find(([pattern]) => pattern.test(said ?? ''))?.[1] ?? 'invalid_request';
  return BY_STATUS[status] ?? 'invalid_request';
}

/** What DigitalOcean says in a refusal, which always has an id and a message. */
function wordsOf(error: unknown): string | undefined {
  if (!(error instanceof AxiosError)) return undefined;
  const body = error.response?.data as { id?: unknown; message?: unknown } | undefined;
  return typeof body?.id === 'string' && typeof body.message === 'string'
    ? body.message
    : undefined;
}

/** An axios error carries its request, and that the token: neither belongs in a log. */
function withoutSecrets(error: unknown): unknown {
  if (!(error instanceof AxiosError)) return error;
  const { code, response } = error;
  return { name: error.name, message: error.message, code, status: response?.status };
}

/** How long a 429 asks to wait, in milliseconds. */
export function retryAfter({ response }: AxiosError): number | undefined {
  const seconds = Number(response?.headers['retry-after'] ?? NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  // In seconds since 1970: when the oldest request of the hour is forgotten.
  const reset = Number(response?.headers['ratelimit-reset'] ?? NaN);
  // By the clock that wrote it.
  const now = Date.parse(String(response?.headers['date'] ?? '')) || Date.now();
  return Number.isFinite(reset) ? Math.max(0, reset * 1000 - now) : undefined;
}
