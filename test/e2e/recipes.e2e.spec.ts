import { Client, type EnvironmentState, SIZE } from './support/client';
import { RECIPE_CASES } from './support/recipe-cases';
import { sandbox } from './support/sandbox';

/** A package is installed when its recipe's own check, which uses it, has passed on the node. */
describe('the package catalogue', () => {
  let client: Client;
  let environment: string;
  let state: EnvironmentState;

  beforeAll(async () => {
    client = await Client.register();
    const provider = await client.addProvider(await sandbox.createAccount());
    const application = await client.createApplication();
    const nodes = RECIPE_CASES.map(({ node, packages }) => ({
      name: node,
      packages: [...packages],
      size: SIZE,
    }));
    environment = await client.launch(application, provider, nodes);
    state = await client.untilReady(environment, 580_000);
  }, 600_000);

  afterAll(() => client.destroy(environment));

  it.each(RECIPE_CASES.map(({ node, packages }) => [packages.join(', '), node, packages] as const))(
    'installs %s on one node',
    (_, name, packages) => {
      const node = state.nodes.find((candidate) => candidate.name === name);
      expect(node?.installed_packages).toEqual(expect.arrayContaining([...packages]));
    },
  );

  it('keeps what the installations printed', async () => {
    for (const { node } of RECIPE_CASES) {
      const path = `/environments/${environment}/nodes/${node}/output`;
      const output = await client.must<{ package: string; text: string }[]>('GET', path);
      expect(output.length).toBeGreaterThan(0);
      expect(output.every(({ text }) => text.length > 0)).toBe(true);
    }
  });

  it('has a case for every package that it offers', async () => {
    const catalogue = await client.must<{ name: string }[]>('GET', '/packages');
    const covered = RECIPE_CASES.flatMap(({ packages }) => packages);
    expect(covered).toEqual(expect.arrayContaining(catalogue.map(({ name }) => name)));
  });
});
