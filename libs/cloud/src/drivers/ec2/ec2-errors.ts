import { CloudHeroError, type ErrorCode } from '@cloudhero/domain';

interface Meaning {
  code: ErrorCode;
  /** What the customer can do. */
  advice: string;
}

const CREDENTIALS: Meaning = {
  code: 'credentials_refused',
  advice: 'EC2 refused the access key or the secret key. Check both and add the provider again.',
};
const PERMISSION: Meaning = {
  code: 'permission_denied',
  advice: 'The access key lacks a permission. Allow EC2 actions for it in IAM.',
};
const QUOTA: Meaning = {
  code: 'quota_exceeded',
  advice:
    'The account’s EC2 quota does not allow more servers. Ask AWS for a higher one, or delete some.',
};
const CAPACITY: Meaning = {
  code: 'capacity_unavailable',
  advice: 'EC2 has no free servers of this size at the moment. Try another size or region.',
};
const ADDRESSES: Meaning = {
  code: 'capacity_unavailable',
  advice: 'The network in this zone has no free addresses left. Delete servers there.',
};
const THROTTLED: Meaning = { code: 'throttled', advice: 'EC2 asks us to slow down.' };
const UNAVAILABLE: Meaning = { code: 'cloud_unavailable', advice: 'EC2 does not answer properly.' };
const CONFLICT: Meaning = { code: 'conflict', advice: 'EC2 is still busy with an earlier change.' };

/** By AWS's error code: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const MEANINGS: Record<string, Meaning> = {
  AuthFailure: CREDENTIALS,
  InvalidClientTokenId: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  UnrecognizedClientException: CREDENTIALS,
  IncompleteSignature: CREDENTIALS,
  MissingAuthenticationToken: CREDENTIALS,
  UnauthorizedOperation: PERMISSION,
  AccessDenied: PERMISSION,
  AccessDeniedException: PERMISSION,
  OptInRequired: PERMISSION,
  PendingVerification: PERMISSION,
  Blocked: PERMISSION,
  VcpuLimitExceeded: QUOTA,
  InstanceLimitExceeded: QUOTA,
  MaxSpotInstanceCountExceeded: QUOTA,
  SecurityGroupLimitExceeded: QUOTA,
  AddressLimitExceeded: QUOTA,
  VolumeLimitExceeded: QUOTA,
  NetworkInterfaceLimitExceeded: QUOTA,
  InsufficientInstanceCapacity: CAPACITY,
  InsufficientHostCapacity: CAPACITY,
  InsufficientCapacity: CAPACITY,
  // The root disk's, which is short in one zone alone.
  InsufficientVolumeCapacity: CAPACITY,
  // Of a reservation, which is for one zone: another place need not be bound to it.
  ReservationCapacityExceeded: CAPACITY,
  InsufficientFreeAddressesInSubnet: ADDRESSES,
  RequestLimitExceeded: THROTTLED,
  Throttling: THROTTLED,
  ThrottlingException: THROTTLED,
  InternalError: UNAVAILABLE,
  InternalFailure: UNAVAILABLE,
  ServiceUnavailable: UNAVAILABLE,
  Unavailable: UNAVAILABLE,
  IncorrectInstanceState: CONFLICT,
  IncorrectState: CONFLICT,
  VolumeInUse: CONFLICT,
  // There is a launch with this token already, and it is another one: nothing is known of it.
  IdempotentParameterMismatch: CONFLICT,
  DependencyViolation: CONFLICT,
  'InvalidAMIID.NotFound': { code: 'image_not_found', advice: 'The image is gone at EC2.' },
  'InvalidAMIID.Unavailable': { code: 'image_not_found', advice: 'The image is gone at EC2.' },
  'InvalidInstanceID.NotFound': { code: 'not_found', advice: 'EC2 does not know the server.' },
};

/** AWS's own code of an error, `undefined` when it is not from AWS. */
export function ec2Code(error: unknown): string | undefined {
  return error instanceof Error && '$metadata' in error ? error.name : undefined;
}

/** Translates what the SDK throws. */
export function asCloudError(error: unknown): CloudHeroError {
  if (error instanceof CloudHeroError) return error;
  const code = ec2Code(error);
  const status = httpStatus(error);
  const meaning =
    (code ? MEANINGS[code] : undefined) ??
    // Without an HTTP answer the call did not get through, or its reply was lost.
    (code && status && status < 500
      ? { code: 'invalid_request' as const, advice: 'EC2 refused the request.' }
      : UNAVAILABLE);
  return explained(meaning, error);
}

/**
 * The same for a launch. `Unsupported` can be the zone's word for a size that it has not got, or no
 * longer. Where we named the zone it is that, and another zone may have the size: the same has been
 * asked for without a zone before, and was refused for lack of room alone. Where EC2 was free to choose
 * the zone, what it does not support is the request.
 */
export function asLaunchError(error: unknown, zone: string | null): CloudHeroError {
  const isZones = zone !== null && ec2Code(error) === 'Unsupported';
  return isZones ? explained(CAPACITY, error) : asCloudError(error);
}

function explained(meaning: Meaning, error: unknown): CloudHeroError {
  const message = error instanceof Error ? error.message : String(error);
  const code = ec2Code(error);
  const detail = code ? `${code}: ${message}` : message;
  const retryAfterMs = meaning.code === 'throttled' ? retryAfter(error) : undefined;
  return new CloudHeroError(meaning.code, `${meaning.advice} (${detail})`, {
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** EC2 itself sends none of these; a private cloud or a proxy in front of it may. */
function retryAfter(error: unknown): number | undefined {
  const answer = (error as { $response?: { headers?: Record<string, string> } }).$response;
  const seconds = Number(answer?.headers?.['retry-after'] ?? NaN);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}

function httpStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
}

/** Swallows errors of the given codes: what was to be done is done already. */
export function unless(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes(ec2Code(error) ?? '')) throw error;
  };
}
