import { call } from './http.mjs';
import { bold, cyan, dim, duration, say } from './say.mjs';

const MOST_LINES = 45;
const SECRET =
  /("(?:password|password_confirm|secretKey|accessKey|access_token|persistent_token|refreshing_token)": ?")([^"]{6})[^"]*"/g;

const shortened = (text) => text.replace(SECRET, '$1$2…"');

/** Calls the API and prints each call as the reference prints it, and its answer. */
export class DemoClient {
  constructor(url, key) {
    this.url = url;
    this.key = key;
  }

  get headers() {
    return this.key ? { 'authentication-token': this.key } : {};
  }

  /** @throws when the answer is an error */
  async show(method, path, { json, body, note, headers } = {}) {
    this.print(method, path, { json, note, headers });
    const began = performance.now();
    const answer = await call(this.url, method, path, {
      json,
      body,
      headers: { ...this.headers, ...headers },
    });
    this.printAnswer(answer, performance.now() - began);
    if (answer.status < 400) return answer.body;
    const error = new Error(`${method} ${path} was refused with ${answer.status}`);
    throw Object.assign(error, { status: answer.status });
  }

  /** Calls without printing anything. */
  quiet(method, path, options = {}) {
    return call(this.url, method, path, { ...options, headers: this.headers });
  }

  print(method, path, { json, note, headers = {} }) {
    const lines = [`curl -X ${method} "${this.url}${path}"`];
    if (json) lines.push('-H "Content-Type: application/json"');
    if (this.key) lines.push(`-H "Authentication-Token: ${this.key.slice(0, 6)}…"`);
    for (const [name, value] of Object.entries(headers)) lines.push(`-H "${name}: ${value}"`);
    if (json) lines.push(`-d '${shortened(JSON.stringify(json, null, 1).replace(/\n\s*/g, ' '))}'`);
    say(`\n${cyan('$')} ${bold(lines.join(' \\\n     '))}${note ? dim(`   # ${note}`) : ''}`);
  }

  printAnswer({ status, body }, ms) {
    say(dim(`  ${status} in ${duration(ms)}`));
    const text = Buffer.isBuffer(body)
      ? body.toString('utf8').trim()
      : shortened(JSON.stringify(body, null, 2));
    const lines = text.split('\n').filter(Boolean);
    for (const line of lines.slice(0, MOST_LINES)) say(`  ${line}`);
    if (lines.length > MOST_LINES) say(dim(`  … ${lines.length - MOST_LINES} more lines`));
  }
}

/** The text of a container's log stream, whose frames carry an 8-byte header each. */
export function logText(buffer) {
  const parts = [];
  for (let at = 0; at + 8 <= buffer.length; at += 8 + buffer.readUInt32BE(at + 4))
    parts.push(buffer.subarray(at + 8, at + 8 + buffer.readUInt32BE(at + 4)));
  return Buffer.concat(parts).toString('utf8');
}
