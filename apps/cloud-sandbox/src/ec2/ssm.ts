import type { Scope } from './ec2.records';
import { imageParameter } from './images';

interface JsonReply {
  status: number;
  contentType: string;
  body: string;
}

/** Systems Manager's GetParameter, for Debian's public parameter only; its protocol is JSON. */
export function answerSsm({ region }: Scope, action: string, body: Buffer): JsonReply {
  if (action !== 'GetParameter') return reply(400, { __type: 'UnknownOperationException' });
  const name = nameOf(body);
  const value = imageParameter(region, name);
  if (!value)
    return reply(400, { __type: 'ParameterNotFound', message: `Parameter ${name} not found.` });
  return reply(200, { Parameter: { Name: name, Type: 'String', Value: value, Version: 1 } });
}

function nameOf(body: Buffer): string {
  try {
    return String((JSON.parse(body.toString('utf8')) as { Name?: unknown }).Name);
  } catch {
    return '';
  }
}

function reply(status: number, body: object): JsonReply {
  return { status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(body) };
}
