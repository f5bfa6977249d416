import { createHash } from 'node:crypto';

const slug = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** A name in snake case, as integrations print it in `_name`. */
export function snakeCase(name: string): string {
  return slug(name).replaceAll('-', '_');
}

/**
 * A server's name at the cloud: `<account>-<application>-<environment>-<node>`, each part as a slug
 * of letters, digits and dashes. Longer than 255 characters is cut and told apart by a hash.
 */
export function serverName(...parts: [string, string, string, string]): string {
  const name = parts.map(slug).join('-');
  if (name.length <= 255) return name;
  return `${name.slice(0, 246)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** The key of a provider in `std_out`: `<account>-<provider>`. */
export function providerKey(account: string, provider: string): string {
  return `${slug(account)}-${slug(provider)}`;
}
