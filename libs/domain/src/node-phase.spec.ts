import { canMove, NODE_PHASES, NODE_TRANSITIONS, type NodePhase } from './node-phase';

function reachableFrom(start: NodePhase): Set<NodePhase> {
  const seen = new Set<NodePhase>([start]);
  const queue: NodePhase[] = [start];
  for (let phase = queue.pop(); phase; phase = queue.pop()) {
    for (const next of NODE_TRANSITIONS[phase]) {
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  }
  return seen;
}

it('reaches every phase from the first', () => {
  expect([...reachableFrom('requested')].sort()).toEqual([...NODE_PHASES].sort());
});

it.each(NODE_PHASES)('can get from %s to absent', (phase) => {
  expect(reachableFrom(phase).has('absent')).toBe(true);
});

it('never comes back from absent', () => {
  expect(NODE_PHASES.some((phase) => canMove('absent', phase))).toBe(false);
});
