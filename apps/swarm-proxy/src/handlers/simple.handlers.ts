import type { Call } from '../http/call';
import { DockerError, forbidden } from '../http/docker.error';

/** `any-node`: the answer is the same from each. */
export function anyNode(call: Call): void {
  call.forward(call.cluster.any());
}

/** `manager`: swarm mode is a manager's business. */
export function manager(call: Call): void {
  call.forward(call.cluster.manager());
}

/** `build`: `/build`, `/session` and `/grpc` of one build have to meet on the same engine. */
export function build(call: Call): void {
  call.forward(call.cluster.any());
}

export function denyMembership(): void {
  throw forbidden(
    'the nodes of this cluster are managed by CloudHero: add or remove nodes of the environment instead',
  );
}

export function deny(call: Call): void {
  throw new DockerError(
    501,
    `${call.method} ${call.target.path} is not available for a cluster`,
    'not_available',
  );
}
