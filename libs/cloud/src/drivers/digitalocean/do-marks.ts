import { createHash } from 'node:crypto';
import { TAG } from '../../cloud-tags';

/**
 * Names and tags at DigitalOcean, whose tags have no values. All of them end with the installation's
 * id, because firewalls, keys and tags have no other mark: two installations may share an account.
 * See docs/decisions/2026-11-25-digitalocean-marks.md.
 */
export class DoMarks {
  constructor(private readonly installationId: string) {}

  get installation(): string {
    return `${TAG.installation}:${this.installationId}`;
  }

  environment(environmentId: string): string {
    return `${TAG.environment}:${environmentId}:${this.installationId}`;
  }

  launch(environmentId: string, launchId: string): string {
    return `${TAG.launch}:${environmentId}:${launchId}:${this.installationId}`;
  }

  /** Says which SSH key is the environment's: keys can be asked for by fingerprint, not by name. */
  key(environmentId: string, fingerprint: string): string {
    const hex = fingerprint.replaceAll(':', '');
    return `${KEY_TAG}:${environmentId}:${hex}:${this.installationId}`;
  }

  /** Of the environment's firewall and SSH key. */
  resource(environmentId: string): string {
    return `cloudhero-${environmentId}-${this.installationId}`;
  }

  /** What a tag of ours says, `undefined` for any other. */
  readTag(tag: string): { environmentId: string; launchId?: string; keyHex?: string } | undefined {
    const [first, second, environmentId = '', ...rest] = tag.split(':');
    if (rest.pop() !== this.installationId) return undefined;
    const kind = `${first}:${second}`;
    const [detail] = rest;
    if (kind === TAG.environment && !detail) return { environmentId };
    if (kind === TAG.launch && detail) return { environmentId, launchId: detail };
    if (kind === KEY_TAG && detail) return { environmentId, keyHex: detail };
    return undefined;
  }

  /** The environment of a firewall's or key's name, `undefined` where it is not ours. */
  readResource(name: string): string | undefined {
    const [first, environmentId, installationId, ...rest] = name.split('-');
    const isOurs = first === 'cloudhero' && installationId === this.installationId;
    return isOurs && rest.length === 0 ? environmentId : undefined;
  }
}

const KEY_TAG = 'cloudhero:key';

/** A host name's longest label. */
const LONGEST_NAME = 63;
const PROOF = /-[0-9a-f]{12}$/;

/**
 * The name under which a droplet is asked for. There is no idempotency key at DigitalOcean, and tags
 * come after creation: this name, which no other launch can have, proves what a droplet was made for.
 */
export function dropletName(launchId: string, requested: string): string {
  const proof = createHash('sha256').update(`${launchId}/${requested}`).digest('hex').slice(0, 12);
  return withProof(requested, `-${proof}`);
}

/** The droplet's next name; its proof stays. */
export function renamed(current: string, requested: string): string {
  const proof = PROOF.exec(current)?.[0];
  return proof ? withProof(requested, proof) : withProof(requested, '');
}

function withProof(requested: string, proof: string): string {
  const allowed = requested.replace(/[^a-zA-Z0-9.-]+/g, '-').replace(/^[.-]+/, '');
  const short = allowed.slice(0, LONGEST_NAME - proof.length).replace(/[.-]+$/, '');
  return `${short || 'node'}${proof}`;
}

/** DigitalOcean's fingerprint of a public key: MD5, as OpenSSH wrote it in the past. */
export function keyFingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  const hex = createHash('md5').update(blob).digest('hex');
  return withColons(hex);
}

export function withColons(hex: string): string {
  return hex.match(/../g)?.join(':') ?? '';
}
