import pino, { type DestinationStream, type Logger } from 'pino';

/** Keys whose values never reach a log line, at any of the depths that we log. */
const SECRET_KEYS = [
  'authorization',
  'authentication-token',
  'x-registry-auth',
  'cookie',
  'password',
  'password_confirm',
  'secretKey',
  'secretAccessKey',
  'accessKey',
  'access_token',
  'persistent_token',
  'refreshing_token',
  'privateKey',
  'userData',
];

const redactedPaths = SECRET_KEYS.flatMap((key) =>
  ['', '*.', '*.*.', '*.*.*.'].map((prefix) => `${prefix}["${key}"]`.replace('.[', '[')),
);

/**
 * A structured logger (one JSON object a line, on standard output) named after its service.
 * Secrets are removed by key; pass ids as fields (`environmentId`, `nodeId`, `requestId`).
 */
export function createLogger(service: string, level: string, stream?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    stream ?? pino.destination({ fd: 1, sync: true }),
  );
}

export type { Logger } from 'pino';
