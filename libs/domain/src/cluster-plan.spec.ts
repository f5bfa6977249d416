import { clusterRole, managerCount } from './cluster-plan';

it.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [3, 3],
  [6, 3],
  [7, 5],
  [14, 5],
  [15, 7],
  [1000, 7],
])('gives %i nodes %i managers', (nodes, managers) => {
  expect(managerCount(nodes)).toBe(managers);
});

it('makes the first nodes managers', () => {
  expect([0, 1, 2, 3].map((index) => clusterRole(index, 4))).toEqual([
    'manager',
    'manager',
    'manager',
    'worker',
  ]);
});
