import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { CloudClient, Waker } from '@cloudhero/queue';
import type { FastifyInstance } from 'fastify';
import { ADMIN_PATH } from './operator-guard';

/** Bull Board, behind `guardAdmin`. */
export async function mountQueueBoard(fastify: FastifyInstance, waker: Waker, cloud: CloudClient) {
  const path = `${ADMIN_PATH}/queues`;
  const adapter = new FastifyAdapter().setBasePath(path);
  createBullBoard({
    queues: [...waker.all, cloud.queue].map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'CloudHero queues' } },
  });
  await fastify.register(adapter.registerPlugin(), { prefix: path });
}
