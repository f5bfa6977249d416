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
    stream ?? logDestination(1),
  );
}

/** What waits for a disk that is full; what comes after that is dropped. */
const MOST_WAITING_BYTES = 1 << 20;

/** Writes lines to a file that is open. A disk that is full does not end the process. */
export function logDestination(fd: number): DestinationStream {
  const stream = pino.destination({ fd, sync: true, maxLength: MOST_WAITING_BYTES });
  // Unheard, it would be thrown at whoever logs. What could not be written goes out with the next.
  stream.on('error', () => undefined);
  return stream;
}

export type { Logger } from 'pino';
