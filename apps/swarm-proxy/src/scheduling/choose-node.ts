/** A node as the scheduler sees it. */
export interface Candidate {
  id: string;
  name: string;
  /** Containers that it has, and that are on their way to it. */
  containers: number;
}

/**
 * Orders nodes for a new container: fewest containers first, equals by name ("spread"). Pure; whoever
 * places a container tries them in this order.
 */
export function spread<T extends Candidate>(candidates: readonly T[]): T[] {
  const byName = (one: T, other: T) => one.name.localeCompare(other.name, 'en', { numeric: true });
  return [...candidates].sort(
    (one, other) => one.containers - other.containers || byName(one, other),
  );
}
