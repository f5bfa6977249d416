import { created, noContent, ok, type Operation, type OperationContext } from '../operation';
import { notFound, unprocessable } from '../do.error';
import type { DoKeyRecord } from '../do.records';
import { Fields } from '../fields';
import { pageOf } from '../pages';
import { fingerprintOf } from '../public-key';
import { keyJson } from '../views';

/** What the account shows where no knob sets a quota. */
const DROPLET_LIMIT = 100_000;

export function dropletLimit({ knobs, account }: OperationContext): number {
  return knobs.quota('digital_ocean', account)?.instances ?? DROPLET_LIMIT;
}

export const getAccount: Operation = (context) =>
  ok({
    account: {
      droplet_limit: dropletLimit(context),
      floating_ip_limit: 3,
      email: 'sandbox@example.com',
      name: 'Sandbox',
      uuid: context.account,
      email_verified: true,
      status: 'active',
      status_message: '',
      team: { uuid: context.account, name: 'Sandbox' },
    },
  });

export const listKeys: Operation = (context) =>
  ok(pageOf(context, 'ssh_keys', context.store.keys(context.account), keyJson));

export const createKey: Operation = ({ store, account, body }) => {
  const fields = new Fields(body);
  const name = fields.required('name');
  const publicKey = fields.required('public_key').trim();
  const fingerprint = fingerprintOf(publicKey);
  if (store.keys(account).some((key) => key.fingerprint === fingerprint))
    throw unprocessable('SSH Key is already in use on your account');
  const record: DoKeyRecord = { id: store.nextId('key'), account, name, publicKey, fingerprint };
  store.putKey(record);
  return created({ ssh_key: keyJson(record) });
};

export const getKey: Operation = (context) => ok({ ssh_key: keyJson(requiredKey(context)) });

export const updateKey: Operation = (context) => {
  const key = requiredKey(context);
  key.name = new Fields(context.body).required('name');
  context.store.putKey(key);
  return ok({ ssh_key: keyJson(key) });
};

export const deleteKey: Operation = (context) => {
  context.store.forgetKey(requiredKey(context));
  return noContent;
};

/** By id or by fingerprint. */
function requiredKey({ store, account, path }: OperationContext): DoKeyRecord {
  const found = store
    .keys(account)
    .find(({ id, fingerprint }) => String(id) === path.key || fingerprint === path.key);
  if (!found) throw notFound();
  return found;
}
