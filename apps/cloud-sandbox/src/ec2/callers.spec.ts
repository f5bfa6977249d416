import {
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Credentials, launchOf, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
});
afterAll(() => sandbox.dispose());

const regions = new DescribeRegionsCommand({});
const newAccount = () => sandbox.admin<Credentials & { account: string }>('POST', 'accounts', {});

it('says who calls', async () => {
  const identity = await sandbox.sts().send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: '000000000001' });
});

it('refuses a wrong secret, an unknown key and an old request', async () => {
  const account = await newAccount();
  const wrong = sandbox.ec2('us-east-1', { ...account, secretKey: 'wrong' });
  await expect(wrong.send(regions)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  const unknown = sandbox.ec2('us-east-1', { ...account, accessKey: 'AKIANOBODY' });
  await expect(unknown.send(regions)).rejects.toMatchObject({ name: 'AuthFailure' });
  const late = sandbox.ec2('us-east-1', account);
  late.config.systemClockOffset = -10 * 60_000;
  await expect(late.send(regions)).rejects.toMatchObject({ name: 'RequestExpired' });
});

it('refuses a body that was changed on its way', async () => {
  const client = sandbox.ec2();
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string };
      request.body = request.body.replace('DescribeRegions', 'DescribeTagsNow');
      return next(args);
    },
    { step: 'deserialize', priority: 'low' },
  );
  const tampered = client.send(regions).catch((error: unknown) => (error as Error).name);
  expect(await tampered).toBe('SignatureDoesNotMatch');
});

it('keeps accounts and regions apart, and takes rights away', async () => {
  const account = await newAccount();
  const client = sandbox.ec2('us-east-1', account);
  await client.send(new RunInstancesCommand(launchOf()));
  const count = async (ec2: typeof client) =>
    (await ec2.send(new DescribeInstancesCommand({}))).Reservations?.length;
  expect(await count(client)).toBe(1);
  expect(await count(sandbox.ec2())).toBe(0);
  expect(await count(sandbox.ec2('eu-west-1', account))).toBe(0);
  await sandbox.admin('PUT', `accounts/${account.accessKey}`, { status: 'forbidden' });
  await expect(count(client)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  await sandbox.admin('DELETE', `accounts/${account.accessKey}`);
  await expect(count(client)).rejects.toMatchObject({ name: 'AuthFailure' });
});
