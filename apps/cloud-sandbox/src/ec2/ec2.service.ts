import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@cloudhero/telemetry';
import { randomUUID } from 'node:crypto';
import { LOGGER } from '../sandbox.tokens';
import { CallCounter } from '../knobs/call-counter';
import { Timers } from '../machines/timers';
import { ACTIONS } from './actions/action-table';
import type { Ec2Parts } from './action-context';
import { type Caller, CallerService } from './caller.service';
import { EC2_PARTS } from './ec2.tokens';
import { Ec2Error, STATUS_OF_CODE } from './ec2.error';
import { Params } from './params';
import type { SignedRequest } from './sigv4';
import { answerSsm } from './ssm';
import { ThrottleService } from './throttle.service';
import { ec2Answer, ec2Failure, stsAnswer, stsFailure } from './xml';

export interface Reply {
  status: number;
  contentType: string;
  body: string;
  requestId: string;
  /** The work is done, but the caller shall not hear of it. */
  isLost: boolean;
}

const XML = 'text/xml;charset=UTF-8';
const STS_VERSION = '2011-06-15';

/** One request to the EC2, STS or SSM endpoint, from bytes to bytes. */
@Injectable()
export class Ec2Service {
  constructor(
    @Inject(EC2_PARTS) private readonly parts: Ec2Parts,
    private readonly callers: CallerService,
    private readonly throttle: ThrottleService,
    private readonly calls: CallCounter,
    private readonly timers: Timers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async answer(request: SignedRequest): Promise<Reply> {
    const requestId = randomUUID();
    const target = request.headers['x-amz-target'];
    const query = request.url.split('?')[1] ?? '';
    const params = Params.parse(request.body.length > 0 ? request.body.toString('utf8') : query);
    const action = (target ? String(target).split('.').pop() : params.string('Action')) ?? '';
    const isSts = params.string('Version') === STS_VERSION;
    this.calls.note('ec2', action);
    try {
      const caller = this.callers.identify(request, Date.now());
      const { account } = caller;
      const latency = this.parts.knobs.latencyMs('ec2', account);
      if (latency > 0) await this.timers.sleep(latency);
      if (target) return { ...answerSsm(caller, action, request.body), requestId, isLost: false };
      const body = isSts
        ? this.sts(caller, action, requestId)
        : await this.ec2(caller, action, params, requestId);
      // Whatever we say has happened survives a kill from here on.
      this.parts.store.flush();
      const isLost = this.parts.knobs.losesReply({ cloud: 'ec2', account, action });
      return { status: 200, contentType: XML, body, requestId, isLost };
    } catch (error) {
      const { code, message, status } = this.asEc2Error(error, action, requestId);
      const body = isSts
        ? stsFailure(code, message, requestId)
        : ec2Failure(code, message, requestId);
      return { status, contentType: XML, body, requestId, isLost: false };
    }
  }

  private async ec2(
    { account, region }: Caller,
    action: string,
    params: Params,
    requestId: string,
  ): Promise<string> {
    const run = ACTIONS.get(action);
    if (!run)
      throw new Ec2Error(
        'InvalidAction',
        `The action ${action} is not valid for this web service.`,
      );
    const scope = { account, region };
    this.throttle.check(scope, action, params, Date.now());
    this.inject(account, action);
    if (params.boolean('DryRun'))
      throw new Ec2Error(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    const body = await run({ ...this.parts, scope, now: Date.now() }, params);
    return ec2Answer(action, requestId, body);
  }

  private sts({ account, accessKey }: Caller, action: string, requestId: string): string {
    if (action !== 'GetCallerIdentity')
      throw new Ec2Error('InvalidAction', `Could not find operation ${action}`);
    this.inject(account, action);
    const body = {
      Arn: `arn:aws:iam::${account}:user/sandbox`,
      UserId: accessKey,
      Account: account,
    };
    return stsAnswer(action, requestId, body);
  }

  private inject(account: string, action: string): void {
    const knob = this.parts.knobs.nextError({ cloud: 'ec2', account, action }, false);
    if (!knob) return;
    const status = knob.status ?? STATUS_OF_CODE[knob.code] ?? 400;
    throw new Ec2Error(knob.code, knob.message ?? `${knob.code}: injected by a knob`, status);
  }

  private asEc2Error(error: unknown, action: string, requestId: string): Ec2Error {
    if (error instanceof Ec2Error) return error;
    this.logger.error({ err: error, action, requestId }, 'an action failed');
    return new Ec2Error('InternalError', 'An internal error has occurred', 500);
  }
}
