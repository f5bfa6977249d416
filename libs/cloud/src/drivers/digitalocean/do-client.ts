import { DigitalOcean } from 'digitalocean-js';

/**
 * The library's calls. One is enough for all accounts: token and address are put in for each call, by
 * `DoTransport`; those given here are never used.
 */
export const digitalOcean = new DigitalOcean('', '');
