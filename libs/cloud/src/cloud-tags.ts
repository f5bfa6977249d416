/** Tags on everything that we make at a cloud; what carries the first and has no row is an orphan. */
export const TAG = {
  installation: 'cloudhero:installation',
  environment: 'cloudhero:environment',
  launch: 'cloudhero:launch',
} as const;

/** Name of an environment's own things at a cloud, by which a repeat finds them. */
export function resourceName(environmentId: string): string {
  return `cloudhero-${environmentId}`;
}
