import { randomBytes } from 'node:crypto';
import type { Action } from '../action-context';
import { Ec2Error, notFound } from '../ec2.error';
import type { KeyPairRecord } from '../ec2.records';
import { filterOf } from '../filters';
import { tagSet } from '../instance-view';
import { readPublicKey } from '../public-key';
import { specifiedTags } from '../tags';

export const importKeyPair: Action = ({ scope, store, now }, params) => {
  const keyName = params.required('KeyName');
  if (keyName.length > 255) throw new Ec2Error('InvalidParameterValue', 'KeyName is too long');
  const publicKey = Buffer.from(params.required('PublicKeyMaterial'), 'base64').toString('utf8');
  const { type, fingerprint } = readPublicKey(publicKey);
  if (store.keyPairs(scope).some((pair) => pair.keyName === keyName))
    throw new Ec2Error('InvalidKeyPair.Duplicate', `The keypair '${keyName}' already exists.`);
  const record: KeyPairRecord = {
    ...scope,
    keyPairId: `key-0${randomBytes(8).toString('hex')}`,
    keyName,
    fingerprint,
    keyType: type,
    publicKey: publicKey.trim(),
    createdAt: now,
    tags: specifiedTags(params, 'key-pair'),
  };
  store.putKeyPair(record);
  return {
    keyName,
    keyFingerprint: fingerprint,
    keyPairId: record.keyPairId,
    tagSet: tagSet(record.tags),
  };
};

/** A key pair that is not there is deleted, as on EC2. */
export const deleteKeyPair: Action = ({ scope, store }, params) => {
  const id = params.string('KeyPairId');
  const name = id ? undefined : params.required('KeyName');
  const found = store
    .keyPairs(scope)
    .find((pair) => pair.keyPairId === id || pair.keyName === name);
  if (found) store.forgetKeyPair(found);
  return { return: true, keyPairId: found?.keyPairId };
};

export const describeKeyPairs: Action = ({ scope, store }, params) => {
  const pairs = store.keyPairs(scope);
  const names = params.list('KeyName');
  const ids = params.list('KeyPairId');
  const missing =
    names.find((name) => !pairs.some(({ keyName }) => keyName === name)) ??
    ids.find((id) => !pairs.some(({ keyPairId }) => keyPairId === id));
  if (missing) throw notFound.keyPair(missing);
  const matches = filterOf<KeyPairRecord>(
    params,
    {
      'key-name': ({ keyName }) => [keyName],
      'key-pair-id': ({ keyPairId }) => [keyPairId],
      fingerprint: ({ fingerprint }) => [fingerprint],
    },
    ({ tags }) => tags,
  );
  const asked = ({ keyName, keyPairId }: KeyPairRecord) =>
    names.length + ids.length === 0 || names.includes(keyName) || ids.includes(keyPairId);
  const withKey = params.boolean('IncludePublicKey');
  return {
    keySet: pairs
      .filter(asked)
      .filter(matches)
      .map((pair) => ({
        keyPairId: pair.keyPairId,
        keyName: pair.keyName,
        keyFingerprint: pair.fingerprint,
        keyType: pair.keyType,
        createTime: new Date(pair.createdAt).toISOString(),
        publicKey: withKey ? pair.publicKey : undefined,
        tagSet: tagSet(pair.tags),
      })),
  };
};
