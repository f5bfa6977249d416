import { EnvironmentIntentRepository } from './environment-intent.repository';
import { EnvironmentRepository } from './environment.repository';
import { NodeRepository } from './node.repository';
import { describeWithPostgres, OwnDatabase } from './testing/own-database';

describeWithPostgres('what is due without any wake-up', () => {
  let own: OwnDatabase;
  let environments: EnvironmentRepository;
  let nodes: NodeRepository;
  let environmentId: string;

  beforeAll(async () => {
    own = await OwnDatabase.create();
    environments = new EnvironmentRepository(own.database);
    nodes = new NodeRepository(own.database);
  });
  beforeEach(async () => {
    environmentId = await own.environment(await own.provider());
  });
  afterEach(() => own.database.client.environment.updateMany({ data: { absentAt: new Date() } }));
  afterAll(() => own.drop());

  const due = async () => (await environments.due()).map(({ id }) => id);

  it('is an environment at rest in which a look has found something else', async () => {
    const node = await own.node(environmentId, 'ready');
    await nodes.save({ node, patch: { attempts: 1 } });
    expect(await due()).toEqual([]);
    const again = await nodes.find(node.id);
    if (!again) throw new Error('no node');
    const observedAt = new Date(nodes.now() - 1000);
    await nodes.save({ node: again, patch: { serverState: 'stopped', observedAt } });
    expect(await due()).toEqual([environmentId]);
  });

  it('is not forgotten by a reconciler that has read the nodes before', async () => {
    const node = await own.node(environmentId, 'ready');
    const work = await environments.load(environmentId);
    if (!work) throw new Error('no environment');
    await nodes.save({ node, patch: { serverState: 'stopped', observedAt: new Date() } });
    expect(await environments.save(work.environment, { nextReconcileAt: null })).toBeNull();
    expect(await due()).toEqual([environmentId]);
  });

  it('is the installation of a node that was asked to run again before it was stopped', async () => {
    const node = await own.node(environmentId, 'installing', { nextReconcileAt: new Date() });
    const intents = new EnvironmentIntentRepository(own.database);
    for (const desired of ['stopped', 'running'] as const) {
      const change = { desired, message: desired };
      await intents.change(own.organisationId, environmentId, () => change);
      const waits = (await nodes.dueForInstaller()).some(({ id }) => id === node.id);
      expect(waits).toBe(desired === 'running');
    }
  });
});
