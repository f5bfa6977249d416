import { ENGINE_PORT } from '@cloudhero/domain';
import { ENGINE_TLS_DIR } from '../cluster/engine-files';
import type { Recipe } from './recipe';

/**
 * The engine listens on its local socket, which systemd hands it, and on 4000 with mutual TLS. The
 * certificates are put in place with the files below, before the engine's first start.
 */
export const docker: Recipe = {
  name: 'docker',
  apt: ['docker.io', 'iptables', 'ca-certificates'],
  aptWhen: [
    // Only where the kernel enforces profiles; the engine cannot start containers without it then.
    {
      test: 'grep -qs Y /sys/module/apparmor/parameters/enabled',
      packages: ['apparmor'],
    },
    // A package of its own from Debian 13 on.
    { test: 'apt-cache show docker-cli', packages: ['docker-cli'] },
  ],
  files: [
    {
      path: '/etc/docker/daemon.json',
      content: `${JSON.stringify(
        {
          tlsverify: true,
          tlscacert: `${ENGINE_TLS_DIR}/ca.pem`,
          tlscert: `${ENGINE_TLS_DIR}/cert.pem`,
          tlskey: `${ENGINE_TLS_DIR}/key.pem`,
        },
        null,
        2,
      )}\n`,
    },
    {
      path: '/etc/systemd/system/docker.service.d/10-cloudhero.conf',
      // env, because distributions disagree on where dockerd is.
      content: `[Service]
ExecStart=
ExecStart=/usr/bin/env dockerd -H fd:// -H tcp://0.0.0.0:${ENGINE_PORT} --containerd=/run/containerd/containerd.sock
`,
    },
  ],
  services: ['docker'],
  check: `docker version --format 'Docker engine {{.Server.Version}}'
docker info --format 'Storage driver {{.Driver}}'`,
};
