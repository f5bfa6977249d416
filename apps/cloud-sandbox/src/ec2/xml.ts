/** A value of an answer; lists become `<item>`s, undefined leaves its element out. */
export type XmlValue = string | number | boolean | undefined | XmlValue[] | XmlObject;
export interface XmlObject {
  [name: string]: XmlValue;
}

const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function ec2Answer(action: string, requestId: string, body: XmlObject): string {
  const content = elements({ requestId, ...body });
  return `${PROLOGUE}<${action}Response xmlns="${EC2_NAMESPACE}">${content}</${action}Response>`;
}

export function ec2Failure(code: string, message: string, requestId: string): string {
  const error = { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId };
  return `${PROLOGUE}<Response>${elements(error)}</Response>`;
}

export function stsAnswer(action: string, requestId: string, body: XmlObject): string {
  const content = elements({
    [`${action}Result`]: body,
    ResponseMetadata: { RequestId: requestId },
  });
  return `${PROLOGUE}<${action}Response xmlns="${STS_NAMESPACE}">${content}</${action}Response>`;
}

export function stsFailure(code: string, message: string, requestId: string): string {
  const error = { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: requestId };
  return `${PROLOGUE}<ErrorResponse xmlns="${STS_NAMESPACE}">${elements(error)}</ErrorResponse>`;
}

function elements(object: XmlObject): string {
  let text = '';
  for (const [name, value] of Object.entries(object))
    if (value !== undefined) text += `<${name}>${content(value)}</${name}>`;
  return text;
}

function content(value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item) => `<item>${content(item)}</item>`).join('');
  if (typeof value === 'object') return elements(value);
  return escape(String(value));
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
      // eslint-disable-next-line no-control-regex -- XML 1.0 has no way to write these
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
      .replaceAll('\r', '&#13;')
  );
}
