import type { Call } from '../http/call';
import { askAll, missingHeaders } from './ask-all';
import {
  mergeContainers,
  mergeImages,
  mergeNetworks,
  mergeReports,
  type ListedContainer,
  type ListedImage,
  type ListedNetwork,
} from './merge-lists';

/** The path and query as the client asked. */
const asked = (call: Call) => call.target.rawPath + call.target.query;

export async function listContainers(call: Call): Promise<void> {
  const { answers, missing } = await askAll<ListedContainer[]>(call, 'GET', asked(call));
  const limit = call.query.get('limit');
  const lists = answers.map(({ value }) => value);
  const merged = mergeContainers(lists, limit === null ? undefined : Number(limit));
  call.json(200, merged, missingHeaders(missing));
}

export async function listImages(call: Call): Promise<void> {
  const { answers, missing } = await askAll<ListedImage[]>(call, 'GET', asked(call));
  call.json(200, mergeImages(answers.map(({ value }) => value)), missingHeaders(missing));
}

export async function listNetworks(call: Call): Promise<void> {
  const { answers, missing } = await askAll<ListedNetwork[]>(call, 'GET', asked(call));
  call.json(200, mergeNetworks(answers.map(({ value }) => value)), missingHeaders(missing));
}

export async function listVolumes(call: Call): Promise<void> {
  const { answers, missing } = await askAll<{
    Volumes: unknown[] | null;
    Warnings: string[] | null;
  }>(call, 'GET', asked(call));
  const merged = {
    Volumes: answers.flatMap(({ value }) => value.Volumes ?? []),
    Warnings: [
      ...answers.flatMap(({ value }) => value.Warnings ?? []),
      ...missing.map((name) => `the node ${name} cannot be reached`),
    ],
  };
  call.json(200, merged, missingHeaders(missing));
}

/** Prunes answer only when they are done. */
const PRUNE_TIMEOUT_MS = 10 * 60_000;

export async function prune(call: Call): Promise<void> {
  const { answers, missing } = await askAll<Record<string, unknown>>(call, 'POST', asked(call), {
    timeoutMs: PRUNE_TIMEOUT_MS,
  });
  call.json(200, mergeReports(answers.map(({ value }) => value)), missingHeaders(missing));
}

export async function pruneContainers(call: Call): Promise<void> {
  const { answers, missing } = await askAll<{ ContainersDeleted: string[] | null }>(
    call,
    'POST',
    asked(call),
    { timeoutMs: PRUNE_TIMEOUT_MS },
  );
  for (const { value } of answers) {
    for (const id of value.ContainersDeleted ?? []) call.cluster.index.remove(id);
  }
  call.json(200, mergeReports(answers.map(({ value }) => value)), missingHeaders(missing));
}

export async function diskUsage(call: Call): Promise<void> {
  const { answers, missing } = await askAll<Record<string, unknown>>(call, 'GET', asked(call), {
    timeoutMs: 60_000,
  });
  const merged = mergeReports(answers.map(({ value }) => value));
  if (Array.isArray(merged['Images'])) merged['Images'] = mergeImages([merged['Images']]);
  call.json(200, merged, missingHeaders(missing));
}
