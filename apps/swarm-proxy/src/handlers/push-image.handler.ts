import type { Sealer } from '@cloudhero/secrets';
import { hasCredentials, registryAuth } from '../access/registry-auth';
import type { Call } from '../http/call';
import { encodeName, holders } from './ask-all';

/** `image-push`: one node that has the image pushes it, with the environment's credentials. */
export function pushImage(sealer: Sealer) {
  return async (call: Call): Promise<void> => {
    const [node] = await holders(call, `/images/${encodeName(call.name)}/json`);
    const headers = call.headers();
    if (!hasCredentials(call.req.headers['x-registry-auth'])) {
      const added = registryAuth(call.name, call.cluster.record.registries, sealer);
      if (added) headers['x-registry-auth'] = added;
    }
    call.forward(node ?? call.cluster.any(), { headers });
  };
}
