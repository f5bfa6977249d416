import {
  BullServer,
  CLOUD_QUEUE,
  type CloudAnswer,
  type CloudQuestion,
  type CloudQuestions,
  type QueueOptions,
} from '@cloudhero/queue';

const METADATA = {
  locations: { 'us-east-1': { endpoint: 'ec2.us-east-1.amazonaws.com', name: 'us-east-1' } },
  sizes: {
    'General Purpose': {
      't2.small': { cores: '1', disk: 'EBS', ram: '2 GiB', id: 't2.small' },
      't2.medium': { cores: '2', disk: 'EBS', ram: '4 GiB', id: 't2.medium' },
    },
  },
};

type Answers = { [Q in CloudQuestion]: CloudQuestions[Q]['answer'] };

export const refusal = (code: string, temporary = false): CloudAnswer<never> => ({
  ok: false,
  code,
  message: `The cloud said ${code}.`,
  temporary,
});

/**
 * Answers what the API asks of provisioner, as a spec wants it; `asked` tells what was asked, `data`
 * with which ids last.
 */
export class FakeCloud {
  readonly asked: CloudQuestion[] = [];
  readonly data: Partial<Record<CloudQuestion, unknown>> = {};
  answers: Answers = FakeCloud.agreeable();
  private readonly server: BullServer;

  constructor(options: QueueOptions) {
    this.server = new BullServer({
      ...options,
      queues: { [CLOUD_QUEUE]: 10 },
      onError: () => undefined,
    });
    for (const question of Object.keys(this.answers) as CloudQuestion[]) {
      this.server.addHandler(question, async (data) => {
        this.asked.push(question);
        this.data[question] = data;
        return this.answers[question];
      });
    }
  }

  static agreeable(): Answers {
    return {
      'provider.verify': { ok: true, value: { account: '1' } },
      'provider.metadata': { ok: true, value: METADATA },
      'environment.observe': { ok: true, value: null },
      'provider.orphans': { ok: true, value: { orphans: [], regions: 1, unreachable: [] } },
      'provider.orphans.delete': { ok: true, value: { deleted: [], kept: [], unreachable: [] } },
    };
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.listen((error) => {
        if (error) reject(error instanceof Error ? error : new Error('cannot listen'));
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
