import { Places } from './places';

const driver = (zones: Record<string, string[]>) => ({
  zones: (_: string, size: string) => Promise.resolve(zones[size] ?? []),
});
const node = { size: 'small', fallbackSizes: ['large', 'small'], candidate: 0 };

async function walk(places: Places) {
  const seen: unknown[] = [];
  for (let candidate = 0; ; candidate += 1) {
    const place = await places.of({ ...node, candidate });
    if (!place) return seen;
    seen.push([place.size, place.zone]);
  }
}

it('tries each zone before another size, and no place twice', async () => {
  const places = new Places(driver({ small: ['a', 'b'], large: ['b'] }), 'here');
  expect(await walk(places)).toEqual([
    ['small', null],
    ['small', 'a'],
    ['small', 'b'],
    ['large', null],
    ['large', 'b'],
  ]);
});

it('tries the sizes alone where the cloud has no zones', async () => {
  const places = new Places(driver({}), 'here');
  expect(await walk(places)).toEqual([
    ['small', null],
    ['large', null],
  ]);
  expect(await places.moreAfter(node)).toBe(true);
  expect(await places.moreAfter({ ...node, candidate: 1 })).toBe(false);
});

it('asks the cloud nothing while the first place has not been refused', async () => {
  const zones = jest.fn(() => Promise.resolve([]));
  await new Places({ zones }, 'here').of(node);
  expect(zones).not.toHaveBeenCalled();
});
