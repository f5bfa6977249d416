import { launch } from './demo-launch.mjs';
import { saveDemo } from './demo-state.mjs';
import { heading, say } from './say.mjs';

const PLACE = { region: 'nyc3', size: 's-1vcpu-1gb' };

export async function addDigitalOcean(client, state) {
  heading('Another cloud provider: DigitalOcean');
  if (state.droplets) return say('   kept from the last run');
  const { endpoint, access_token } = state.sandbox.digital_ocean;
  const json = {
    cloud_provider: 'digital_ocean',
    provider_name: 'my-droplets',
    access_token,
    endpoint,
  };
  const note = "the same cloud of this machine's speaks DigitalOcean's API too";
  const { id } = await client.show('POST', '/providers', { json, note });
  state.droplets = id;
  saveDemo(state);
}

/** A droplet without packages, which is up as soon as it has booted; created and deleted. */
export async function singleDroplet(client, state) {
  heading('A single droplet, created and deleted');
  if (state.singleDroplet === 'done') return say('   done in the last run');
  const place = { provider: state.droplets, ...PLACE };
  const id = await launch(client, state, 'droplet', [{ packages: [], name: 'droplet' }], place);
  await client.show('GET', `/environments/${id}/query`);
  await client.show('DELETE', `/environments/${id}`);
  state.singleDroplet = 'done';
  saveDemo(state);
}
