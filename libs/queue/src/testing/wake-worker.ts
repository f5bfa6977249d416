import { BullServer } from '../bull-server';
import { WAKE_QUEUES, type Wake } from '../contracts';

export interface WakeWorker {
  server: BullServer;
  /** Ids in the order in which they were begun. */
  served: string[];
  errors: Error[];
}

/** A worker for environments' wakes; `work` is what it does for each. */
export async function startWakeWorker(
  url: string,
  work: (id: string) => Promise<void> = () => Promise.resolve(),
  concurrency = 1,
): Promise<WakeWorker> {
  const served: string[] = [];
  const errors: Error[] = [];
  const server = new BullServer({
    url,
    prefix: 'spec',
    queues: { [WAKE_QUEUES.environment]: concurrency },
    onError: (error) => void errors.push(error),
  });
  server.addHandler(WAKE_QUEUES.environment, ({ id }: Wake) => {
    served.push(id);
    return work(id);
  });
  await new Promise<void>((resolve, reject) => {
    server.listen((error) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
  return { server, served, errors };
}
