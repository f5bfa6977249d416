/**
 * Shell commands that use a bundle saved as ca.pem, cert.pem and key.pem in the working directory.
 * Both of the stock CLI's ways are shown, then the cluster as a whole at one address.
 */
export function bundleCommands(
  environment: string,
  node: { host: string; port: number },
  swarm: string,
): string[] {
  const host = `tcp://${node.host}:${node.port}`;
  const context = `cloudhero-${environment}`;
  return [
    `docker context create ${context} --docker "host=${host},ca=$PWD/ca.pem,cert=$PWD/cert.pem,key=$PWD/key.pem"`,
    `docker --context ${context} info`,
    `DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$PWD docker -H ${host} info`,
    `# with the API key in HttpHeaders of ~/.docker/config.json:`,
    `docker -H ${swarm} info`,
  ];
}
