import { spread } from './choose-node';
import { dependenciesOf } from './dependencies';

it('prefers fewer containers, then the name in counting order', () => {
  const nodes = [
    { id: 'a', name: 'node10', containers: 1 },
    { id: 'b', name: 'node2', containers: 1 },
    { id: 'c', name: 'node1', containers: 5 },
  ];
  expect(spread(nodes).map(({ name }) => name)).toEqual(['node2', 'node10', 'node1']);
});

it('finds what a container depends on', () => {
  const found = dependenciesOf({
    HostConfig: {
      NetworkMode: 'container:web',
      VolumesFrom: ['data:ro', 'data'],
      Links: ['db:database'],
      Binds: ['named:/x:ro', '/host:/y', '~/z:/z'],
      Mounts: [
        { Type: 'volume', Source: 'mounted' },
        { Type: 'bind', Source: '/b' },
      ],
    },
    NetworkingConfig: { EndpointsConfig: { backend: {}, bridge: {} } },
  });
  expect(found).toEqual({
    containers: ['web', 'data', 'db'],
    volumes: ['named', 'mounted'],
    networks: ['backend'],
  });
  expect(dependenciesOf({ HostConfig: null })).toEqual({
    containers: [],
    volumes: [],
    networks: [],
  });
});
