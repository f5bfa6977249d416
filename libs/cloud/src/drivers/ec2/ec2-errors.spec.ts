import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { asCloudError, asLaunchError, ec2Code, unless } from './ec2-errors';

/** A refusal as the SDK throws it. */
function refusal(name: string, httpStatusCode = 400) {
  const $metadata = { httpStatusCode };
  return new EC2ServiceException({ name, message: 'no', $fault: 'client', $metadata });
}

it.each([
  ['AuthFailure', 401, 'credentials_refused'],
  ['SignatureDoesNotMatch', 403, 'credentials_refused'],
  ['UnauthorizedOperation', 403, 'permission_denied'],
  ['OptInRequired', 403, 'permission_denied'],
  ['VcpuLimitExceeded', 400, 'quota_exceeded'],
  ['InstanceLimitExceeded', 400, 'quota_exceeded'],
  ['VolumeLimitExceeded', 400, 'quota_exceeded'],
  ['NetworkInterfaceLimitExceeded', 400, 'quota_exceeded'],
  ['InsufficientInstanceCapacity', 500, 'capacity_unavailable'],
  ['InsufficientHostCapacity', 500, 'capacity_unavailable'],
  ['InsufficientCapacity', 500, 'capacity_unavailable'],
  ['InsufficientVolumeCapacity', 500, 'capacity_unavailable'],
  ['ReservationCapacityExceeded', 400, 'capacity_unavailable'],
  ['InsufficientFreeAddressesInSubnet', 400, 'capacity_unavailable'],
  ['RequestLimitExceeded', 503, 'throttled'],
  ['InternalError', 500, 'cloud_unavailable'],
  ['Unavailable', 503, 'cloud_unavailable'],
  ['IncorrectInstanceState', 400, 'conflict'],
  ['IdempotentParameterMismatch', 400, 'conflict'],
  ['InvalidAMIID.NotFound', 400, 'image_not_found'],
  ['InvalidInstanceID.NotFound', 400, 'not_found'],
  ['InvalidParameterValue', 400, 'invalid_request'],
  ['SomethingNew', 500, 'cloud_unavailable'],
])('takes %s with status %d for %s', (name, status, code) => {
  const error = asCloudError(refusal(name, status));
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(`(${name}: no)`);
  expect(asLaunchError(refusal(name, status), 'us-east-1a')).toMatchObject({ code });
});

it('takes what a zone does not support for want of room there, so that the next zone is tried', () => {
  expect(asLaunchError(refusal('Unsupported'), 'us-east-1e').code).toBe('capacity_unavailable');
});

it('takes what no zone supports for a request that is wrong', () => {
  expect(asLaunchError(refusal('Unsupported'), null).code).toBe('invalid_request');
  expect(asCloudError(refusal('Unsupported')).code).toBe('invalid_request');
});

it('knows nothing of the outcome where no answer came', () => {
  const error = new Error('socket hang up');
  expect(ec2Code(error)).toBeUndefined();
  expect(asCloudError(error).code).toBe('cloud_unavailable');
});

it('swallows only what is done already', () => {
  const gone = unless('InvalidGroup.NotFound');
  expect(() => gone(refusal('InvalidGroup.NotFound'))).not.toThrow();
  expect(() => gone(refusal('DependencyViolation'))).toThrow('no');
});
