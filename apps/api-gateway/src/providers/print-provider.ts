import type { TenantProviderRepository } from '@cloudhero/persistence';

type Row = NonNullable<Awaited<ReturnType<TenantProviderRepository['find']>>>;

/** A provider as answers show it. */
export function printProvider(row: Row) {
  return {
    provider_meta: row.maskedCredentials as Record<string, string>,
    name: row.name,
    organisation: row.organisationId,
    id: row.id,
    provider_type: row.type as 'ec2' | 'digital_ocean',
    ...(row.endpoint && { endpoint: row.endpoint }),
  };
}
