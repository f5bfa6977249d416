import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { saveDemo } from './demo-state.mjs';
import { serverSentEvents } from './http.mjs';
import { cyan, dim, duration, say } from './say.mjs';

export const REGION = 'us-east-1';
export const SIZE = 't2.micro';

/**
 * Creates an environment with the call of the reference and shows the progress of its nodes. Sent
 * again after an interruption it finds the environment that it asked for: the idempotency key, kept
 * in `state` under `slot`, is written down before the call. `place`: another provider, region and
 * size than the demo's own.
 * @returns {Promise<string>} the environment's id, once it is ready
 */
export async function launch(client, state, slot, nodes, place = {}) {
  const key = (state[slot] ??= randomUUID());
  saveDemo(state);
  const { provider = state.provider, region = REGION, size = SIZE } = place;
  const json = {
    provider_id: provider,
    region,
    environment: `${slot}-${key.slice(0, 8)}`,
    nodes: nodes.map((node) => ({ ...node, size })),
  };
  const over = new AbortController();
  const progress = followNewEnvironment(client, state, over.signal);
  try {
    const answer = await client.show('POST', `/applications/${state.application}/environments`, {
      json,
      note: 'answers when they are ready',
      headers: { 'idempotency-key': key },
    });
    return answer.environment;
  } catch (error) {
    // Refused: the same key would be answered with the same refusal.
    if (error.status) delete state[slot];
    saveDemo(state);
    throw error;
  } finally {
    over.abort();
    await progress;
  }
}

/** Prints each node's progress while the call that made the environment waits for it. */
async function followNewEnvironment(client, state, signal) {
  const list = async () => {
    const { body } = await client.quiet('GET', '/applications');
    return body.find(({ id }) => id === state.application)?.environments ?? [];
  };
  const before = new Set(await list());
  let id;
  while (!id && !signal.aborted) {
    await sleep(200);
    id = (await list()).find((candidate) => !before.has(candidate));
  }
  if (!id) return;
  const began = performance.now();
  const path = `/environments/${id}/events`;
  try {
    for await (const event of serverSentEvents(client.url, path, {
      headers: client.headers,
      signal,
    })) {
      const who = event.node ?? '';
      const at = duration(performance.now() - began).padStart(8);
      say(
        `  ${dim(at)}  ${cyan(who.padEnd(9))} ${(event.phase ?? '').padEnd(11)} ${event.message}`,
      );
    }
  } catch (error) {
    if (!signal.aborted) say(dim(`  (no live progress: ${error.message})`));
  }
}
