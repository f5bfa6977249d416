/** The Postgres and Redis that specs of `*.db.spec.ts` run on; null when there are none. */
export function testServices(): { databaseUrl: string; redisUrl: string } | null {
  const databaseUrl = process.env['CLOUDHERO_TEST_DATABASE_URL'];
  const redisUrl = process.env['CLOUDHERO_TEST_REDIS_URL'];
  if (databaseUrl && redisUrl) return { databaseUrl, redisUrl };
  console.warn(
    'skipped: CLOUDHERO_TEST_DATABASE_URL and CLOUDHERO_TEST_REDIS_URL name a Postgres and a Redis to test on',
  );
  return null;
}

/** `describe`, or `describe.skip` without a Postgres and a Redis. */
export const describeWithServices = testServices() ? describe : describe.skip;
