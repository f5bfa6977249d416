import { DoMarks, dropletName, keyFingerprint, renamed, withColons } from './do-marks';

const ours = new DoMarks('a'.repeat(24));
const theirs = new DoMarks('b'.repeat(24));
const environment = 'c'.repeat(24);
const launch = 'd'.repeat(24);

it('reads its own tags and names, and no other installation’s', () => {
  const key = ours.key(environment, 'aa:bb');
  expect(ours.readTag(ours.environment(environment))).toEqual({ environmentId: environment });
  expect(ours.readTag(ours.launch(environment, launch))).toMatchObject({ launchId: launch });
  expect(ours.readTag(key)).toMatchObject({ keyHex: 'aabb' });
  expect(ours.readResource(ours.resource(environment))).toBe(environment);
  const others = [theirs.environment(environment), theirs.launch(environment, launch), 'web'];
  for (const tag of [...others, ours.installation]) expect(ours.readTag(tag)).toBeUndefined();
  for (const name of [theirs.resource(environment), 'cloudhero-x', `${ours.resource('x')}-y`])
    expect(ours.readResource(name)).toBeUndefined();
});

it('makes only tags and names that DigitalOcean takes', () => {
  const tags = [ours.installation, ours.environment(environment), ours.launch(environment, launch)];
  for (const tag of tags) expect(tag).toMatch(/^[a-zA-Z0-9_\-:]{1,255}$/);
  for (const name of ['a'.repeat(255), 'Größe & mehr', '--', 'a.b-', 'x'])
    expect(dropletName(launch, name)).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9.-]{0,61}[a-zA-Z0-9]$/);
});

it('gives each name of each launch a name of its own', () => {
  const long = 'a'.repeat(250);
  const names = [
    ...[`${long}1`, `${long}2`].map((name) => dropletName(launch, name)),
    dropletName('e'.repeat(24), `${long}1`),
  ];
  expect(new Set(names).size).toBe(3);
  expect(dropletName(launch, 'web')).toBe(dropletName(launch, 'web'));
});

it('keeps the proof of the launch when a droplet is renamed', () => {
  const made = dropletName(launch, 'acme-web');
  const later = renamed(made, 'acme-db');
  expect(later).toMatch(/^acme-db-[0-9a-f]{12}$/);
  expect(later.slice(-12)).toBe(made.slice(-12));
  expect(renamed(made, 'acme-web')).toBe(made);
  expect(renamed('the-customers', 'acme-db')).toBe('acme-db');
});

it('knows DigitalOcean’s fingerprint of a key', () => {
  // From DigitalOcean's documentation of SSH keys.
  const key =
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQDDHr/jh2Jy4yALcK4JyWbVkPRaWmhck3IgCoeOO3z1e2dBowLh64QAM+Qb72pxekALga2oi4GvT+TlWNhzPH4V example';
  expect(keyFingerprint(key)).toBe('3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa');
  expect(withColons(keyFingerprint(key).replaceAll(':', ''))).toBe(keyFingerprint(key));
});
