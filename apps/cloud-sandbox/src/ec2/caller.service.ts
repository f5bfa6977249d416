import { Injectable } from '@nestjs/common';
import { AccountsService } from './accounts.service';
import { Ec2Error } from './ec2.error';
import type { Scope } from './ec2.records';
import { isRegion } from './regions';
import { readClaim, type SignedRequest, verifySignature } from './sigv4';

export interface Caller extends Scope {
  accessKey: string;
  service: string;
}

const UNKNOWN = 'AWS was not able to validate the provided access credentials';

/** Finds out who calls, and in which region, from the signature. */
@Injectable()
export class CallerService {
  constructor(private readonly accounts: AccountsService) {}

  /** @throws AuthFailure, SignatureDoesNotMatch, RequestExpired, UnauthorizedOperation */
  identify(request: SignedRequest, now: number): Caller {
    const claim = readClaim(request.headers);
    const record = this.accounts.find(claim.accessKey);
    if (!record || record.status === 'revoked')
      throw claim.service === 'sts'
        ? new Ec2Error(
            'InvalidClientTokenId',
            'The security token included in the request is invalid.',
            403,
          )
        : new Ec2Error('AuthFailure', UNKNOWN, 401);
    verifySignature(request, claim, record.secretKey, now);
    const { accessKey, service, region } = claim;
    if (!isRegion(region))
      throw new Ec2Error(
        'AuthFailure',
        `Credential should be scoped to a valid region, not ${region}`,
        401,
      );
    // GetCallerIdentity needs no permission, on AWS too.
    if (record.status === 'forbidden' && service !== 'sts')
      throw new Ec2Error(
        'UnauthorizedOperation',
        'You are not authorized to perform this operation.',
        403,
      );
    return { account: record.account, region, accessKey, service };
  }
}
