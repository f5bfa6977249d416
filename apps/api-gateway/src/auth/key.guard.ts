import type { ApiGatewayConfig } from '@cloudhero/config';
import { ApiKeyRepository } from '@cloudhero/persistence';
import { hashToken } from '@cloudhero/secrets';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api.error';
import { RateLimiter, type Rate } from '../http/rate-limiter';
import { CONFIG } from '../tokens';
import { PUBLIC, WRITES } from './access.decorators';
import { presentedKey } from './presented-key';

/** A wrong key costs its sender one of these. */
const WRONG_KEYS: Rate = { burst: 60, perMinute: 60 };
const TOUCH_EVERY_MS = 60_000;

/** Lets in who has a key that allows the call, at the rate that the installation allows. */
@Injectable()
export class KeyGuard implements CanActivate {
  private readonly rate: Rate;

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly limiter: RateLimiter,
    private readonly reflector: Reflector,
    @Inject(CONFIG) config: ApiGatewayConfig,
  ) {
    const perMinute = config.CLOUDHERO_RATE_LIMIT_PER_MINUTE;
    this.rate = { burst: perMinute, perMinute };
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.marked(context, PUBLIC)) {
      // Whoever balances load asks for health often, and must be told.
      if (!request.url.startsWith('/health/')) this.limiter.take(`ip:${request.ip}`, this.rate);
      return true;
    }
    const owner = await this.ownerOf(request);
    this.limiter.take(`key:${owner.keyId}`, this.rate);
    request.caller = { ...owner, requestId: request.id };
    const reads = ['GET', 'HEAD'].includes(request.method) && !this.marked(context, WRITES);
    if (owner.scope === 'read' && !reads) {
      throw new ApiError(403, [{ code: 'forbidden', message: 'This key may only read.' }]);
    }
    return true;
  }

  private async ownerOf(request: FastifyRequest) {
    const wrong = `wrong-key:${request.ip}`;
    this.limiter.check(wrong, WRONG_KEYS);
    const key = presentedKey(request.headers);
    const owner = key && key.length <= 512 ? await this.keys.findOwner(hashToken(key)) : null;
    if (!owner) {
      this.limiter.take(wrong, WRONG_KEYS);
      throw new ApiError(
        401,
        [
          {
            code: 'unauthorized',
            message: 'A valid API key is needed: Authentication-Token: KEY.',
          },
        ],
        { headers: { 'WWW-Authenticate': 'Bearer realm="cloudhero"' } },
      );
    }
    const now = new Date();
    if (now.getTime() - (owner.lastUsedAt?.getTime() ?? 0) > TOUCH_EVERY_MS) {
      await this.keys.touch(owner.keyId, now);
    }
    return owner;
  }

  private marked(context: ExecutionContext, mark: string): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean | undefined>(mark, targets) === true;
  }
}
