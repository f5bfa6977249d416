// The health check of a container: whichever service runs in it, its port is in one of these.
const { env } = process;
const port =
  env.CLOUDHERO_HEALTH_PORT ??
  env.CLOUDHERO_API_PORT ??
  env.CLOUDHERO_SWARM_PROXY_PORT ??
  env.CLOUDHERO_PROVISIONER_PORT ??
  env.CLOUDHERO_PACKAGE_INSTALLER_PORT ??
  env.CLOUDHERO_SANDBOX_PORT ??
  '8080';
const scheme = env.CLOUDHERO_TLS_CERT_FILE ? 'https' : 'http';
if (scheme === 'https') env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // it names another host than ours

const answer = await fetch(`${scheme}://127.0.0.1:${port}/health/ready`).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
