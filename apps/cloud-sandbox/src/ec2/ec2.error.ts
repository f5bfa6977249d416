/** An error as EC2 words it; `status` is the HTTP status that it comes with. */
export class Ec2Error extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'Ec2Error';
  }
}

/** HTTP statuses of codes that are not a plain 400. */
export const STATUS_OF_CODE: Record<string, number> = {
  AuthFailure: 401,
  UnauthorizedOperation: 403,
  SignatureDoesNotMatch: 403,
  RequestExpired: 400,
  OptInRequired: 403,
  DryRunOperation: 412,
  InsufficientInstanceCapacity: 500,
  InternalError: 500,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  Unavailable: 503,
};

export const notFound = {
  instance: (ids: readonly string[]) =>
    new Ec2Error(
      'InvalidInstanceID.NotFound',
      ids.length === 1
        ? `The instance ID '${ids[0]}' does not exist`
        : `The instance IDs '${ids.join(', ')}' do not exist`,
    ),
  image: (id: string) =>
    new Ec2Error('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`),
  keyPair: (name: string) =>
    new Ec2Error('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`),
  group: (id: string) =>
    new Ec2Error('InvalidGroup.NotFound', `The security group '${id}' does not exist`),
  subnet: (id: string) =>
    new Ec2Error('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`),
  volume: (id: string) =>
    new Ec2Error('InvalidVolume.NotFound', `The volume '${id}' does not exist.`),
  vpc: (id: string) => new Ec2Error('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`),
};

export function invalidValue(value: string, name: string, why?: string): Ec2Error {
  const message = `Value (${value}) for parameter ${name} is invalid.${why ? ` ${why}` : ''}`;
  return new Ec2Error('InvalidParameterValue', message);
}
