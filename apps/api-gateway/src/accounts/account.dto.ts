import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { email, line, secret } from '../http/text.schema';

const password = secret(8, 256);

export class RegisterDto extends createZodDto(
  z
    .strictObject({
      email: email.describe('Your e-mail address'),
      password: password.describe('At least 8 characters'),
      password_confirm: z.string().max(256).describe('Same password as above'),
      name: line(100).describe('Your company name'),
      user_name: line(254).describe('Your e-mail address again'),
    })
    .refine((body) => body.password === body.password_confirm, {
      error: 'The passwords are not the same.',
      path: ['password_confirm'],
      params: { code: 'passwords_differ' },
    }),
) {}

export class LoginDto extends createZodDto(
  z.strictObject({ email: z.string().max(254), password: z.string().max(256) }),
) {}

export class RefreshDto extends createZodDto(
  z.strictObject({ refreshing_token: z.string().min(1).max(256) }),
) {}

export class TokensDto extends createZodDto(
  z.object({
    persistent_token: z.string().describe('The API key: 38 decimal digits'),
    errors: z.array(z.string()),
    refreshing_token: z.string().describe('Good for one new key, at /accounts/token'),
  }),
) {}
