import type {
  EnvironmentRepository,
  LaunchRepository,
  NodeRepository,
} from '@cloudhero/persistence';

export interface ReconcilerStores {
  environments: EnvironmentRepository;
  nodes: NodeRepository;
  launches: LaunchRepository;
}
