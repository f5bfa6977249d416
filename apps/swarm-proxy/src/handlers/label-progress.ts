/**
 * Marks a line of an engine's progress with its node. Clients draw one bar an `id`, so the node has
 * to be part of it; lines without say it in front. A line that is not JSON stays as it is.
 */
export function labelProgress(line: string, node: string): string {
  let progress: Record<string, unknown>;
  try {
    progress = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  if (typeof progress['id'] === 'string') progress['id'] = `${node} ${progress['id']}`;
  else if (typeof progress['status'] === 'string') {
    progress['status'] = `${node}: ${progress['status']}`;
  } else if (typeof progress['stream'] === 'string') {
    progress['stream'] = `${node}: ${progress['stream']}`;
  }
  return JSON.stringify(progress);
}
