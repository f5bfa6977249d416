import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { asCloudError, isNotFound } from './do-errors';

/** A refusal as axios throws it. */
function refusal(status: number, message?: string, headers: Record<string, string> = {}) {
  const config = {
    headers: new AxiosHeaders({ Authorization: 'Bearer the-secret-token' }),
  } as InternalAxiosRequestConfig;
  const data = message === undefined ? '<html>' : { id: 'some_id', message };
  const response = { status, statusText: '', headers, config, data };
  return new AxiosError('Request failed', 'ERR', config, undefined, response);
}

it.each([
  [401, 'Unable to authenticate you', 'credentials_refused'],
  [403, 'You are not authorized to perform this operation', 'permission_denied'],
  [404, 'The resource you were accessing could not be found.', 'not_found'],
  [409, 'duplicate name', 'conflict'],
  [422, 'creating this/these droplet(s) will exceed your droplet limit', 'quota_exceeded'],
  [422, 'Size is not available in this region.', 'capacity_unavailable'],
  [422, 'Region is currently unavailable', 'capacity_unavailable'],
  [422, 'Droplet already has a pending event.', 'conflict'],
  [422, 'You specified an invalid image for Droplet creation.', 'image_not_found'],
  [422, 'You specified an invalid size for Droplet creation.', 'invalid_request'],
  [429, 'API Rate limit exceeded.', 'throttled'],
  [500, 'Unexpected server-side error', 'cloud_unavailable'],
])('takes %d “%s” for %s', (status, message, code) => {
  expect(asCloudError(refusal(status, message))).toMatchObject({ code });
});

it('does not believe what does not come from DigitalOcean', () => {
  expect(asCloudError(refusal(404)).code).toBe('cloud_unavailable');
  expect(isNotFound(refusal(404))).toBe(false);
  expect(isNotFound(refusal(404, 'no such droplet'))).toBe(true);
  expect(asCloudError(refusal(302)).code).toBe('cloud_unavailable');
});

it('says how long to wait, by either header', () => {
  const wait = (headers: Record<string, string>) =>
    asCloudError(refusal(429, 'slowly', headers)).options.retryAfterMs;
  expect(wait({ 'retry-after': '7' })).toBe(7000);
  const inAMinute = String(Math.ceil(Date.now() / 1000) + 60);
  expect(wait({ 'ratelimit-reset': inAMinute })).toBeGreaterThan(58_000);
  expect(wait({})).toBeUndefined();
});

it('keeps the token out of what is logged', () => {
  const error = asCloudError(refusal(500, 'broken'));
  expect(JSON.stringify([error, error.cause, error.options])).not.toContain('the-secret-token');
});
