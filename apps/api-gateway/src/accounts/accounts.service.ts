import { AccountRepository, REFRESHED_KEY_NAME } from '@cloudhero/persistence';
import { hashPassword, hashToken, verifyPassword } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import { ApiError, invalid } from '../http/api.error';
import { RateLimiter, type Rate } from '../http/rate-limiter';
import type { IdempotencyTicket } from '../idempotency/idempotency-ticket';
import type { LoginDto, RegisterDto } from './account.dto';
import { newTokens } from './tokens';

const LOGINS_PER_ACCOUNT: Rate = { burst: 10, perMinute: 5 };
const LOGINS_PER_ADDRESS: Rate = { burst: 60, perMinute: 30 };

/** Where a request comes from. */
export interface Origin {
  ip: string;
  requestId: string;
}

@Injectable()
export class AccountsService {
  /** Checked for unknown accounts, so that they take as long as known ones. */
  private readonly nobody = hashPassword('nobody has this password');

  constructor(
    private readonly accounts: AccountRepository,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditService,
  ) {}

  /** Creates the organisation and its first user. @throws ApiError 422 when the e-mail is taken */
  async register(body: RegisterDto, { requestId }: Origin, ticket?: IdempotencyTicket) {
    const { stored, answer } = newTokens('registration');
    const account = {
      organisation: body.name,
      email: body.email.toLowerCase(),
      userName: body.user_name,
      passwordHash: await hashPassword(body.password),
    };
    const made = await this.accounts.create(account, stored, ticket?.answerStep(201, answer));
    if (!made) {
      throw invalid({ code: 'taken', message: 'This e-mail has an account.', field: 'email' });
    }
    const organisationId = made.organisation.id;
    const actor = { organisationId, keyId: null, requestId };
    await this.audit.record(actor, 'account.register', made.user.id);
    return answer;
  }

  /** @throws ApiError 401, 429 */
  async login(body: LoginDto, { ip, requestId }: Origin) {
    const email = body.email.toLowerCase();
    this.limiter.take(`login:${ip}`, LOGINS_PER_ADDRESS);
    this.limiter.take(`login:${email}`, LOGINS_PER_ACCOUNT);
    // Postgres would refuse NUL; no account has such an e-mail.
    const user = /[\0\p{Cs}]/u.test(email) ? null : await this.accounts.findUser(email);
    const matches = await verifyPassword(user?.passwordHash ?? (await this.nobody), body.password);
    if (!user || !matches) throw refused('The e-mail or the password is wrong.');
    const { stored, answer } = newTokens('login');
    await this.accounts.addTokens(user, stored);
    const actor = { organisationId: user.organisationId, keyId: null, requestId };
    await this.audit.record(actor, 'account.login', user.id);
    return answer;
  }

  /** @throws ApiError 401, 429 */
  async refresh(token: string, { ip, requestId }: Origin) {
    this.limiter.take(`refresh:${ip}`, LOGINS_PER_ADDRESS);
    const { stored, answer } = newTokens(REFRESHED_KEY_NAME);
    const user = await this.accounts.refresh(hashToken(token), stored);
    if (!user) throw refused('The refreshing_token is not valid. Log in to get a new one.');
    const actor = { organisationId: user.organisationId, keyId: null, requestId };
    await this.audit.record(actor, 'account.refresh', user.id);
    return answer;
  }
}

function refused(message: string): ApiError {
  return new ApiError(401, [{ code: 'unauthorized', message }]);
}
