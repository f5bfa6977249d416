import { BOOT_ID, bootIdIn } from '../ssh/boot-id';

const KEY = '/etc/ssh/ssh_host_cloudhero_ed25519_key';
const SSHD_DROP_IN = '/etc/ssh/sshd_config.d/10-cloudhero.conf';
const MARK = 'host-key:';
const BOOT_MARK = 'boot-id:';

/** The first boot went wrong. */
export const EXIT_CLOUD_INIT = 30;

/**
 * Waits for cloud-init, which holds apt's locks, and makes a host key of the node's own, whose
 * private half never leaves it. Looking at the result is cheaper than `cloud-init status`, whose
 * Python competes with the boot that it waits for; its exit 2 (recoverable errors) is no failure.
 */
export const BOOT_SCRIPT = `if command -v cloud-init >/dev/null && [ -d /run/cloud-init ] && [ ! -e /run/cloud-init/disabled ]; then
  until [ -e /run/cloud-init/result.json ] || [ $SECONDS -ge 240 ]; do sleep 0.2; done
  if ! grep -q '"errors": \\[\\]' /run/cloud-init/result.json; then
    timeout 300 cloud-init status --wait --long
    code=$?
    if [ $code -ne 0 ] && [ $code -ne 2 ]; then return ${EXIT_CLOUD_INIT}; fi
  fi
fi
if [ ! -e ${KEY} ]; then
  rm -f ${KEY}.new ${KEY}.new.pub
  ssh-keygen -q -t ed25519 -N '' -C "$(hostname)" -f ${KEY}.new || return 1
  mv ${KEY}.new.pub ${KEY}.pub && sync ${KEY}.new ${KEY}.pub && mv ${KEY}.new ${KEY} || return 1
fi
echo "${MARK}$(cat ${KEY}.pub)"
echo "${BOOT_MARK}$(${BOOT_ID})"`;

/** Makes sshd use that key and no other, for connections from now on; this one goes on. */
export const USE_HOST_KEY_SCRIPT = `grep -qi '^include.*sshd_config.d' /etc/ssh/sshd_config || sed -i '1i Include /etc/ssh/sshd_config.d/*.conf' /etc/ssh/sshd_config
mkdir -p /etc/ssh/sshd_config.d
echo 'HostKey ${KEY}' >${SSHD_DROP_IN}
if ! sshd -t; then rm -f ${SSHD_DROP_IN}; return 1; fi
systemctl reload ssh || systemctl reload sshd`;

/** The public key in the output of `BOOT_SCRIPT`. */
export function hostKeyIn(output: string): string | undefined {
  const key = marked(output, MARK);
  return key?.startsWith('ssh-ed25519 ') ? key : undefined;
}

/** The id of the boot in the output of `BOOT_SCRIPT`. */
export function bootIdOf(output: string): string | null {
  return bootIdIn(marked(output, BOOT_MARK) ?? '');
}

function marked(output: string, mark: string): string | undefined {
  const line = output.split('\n').findLast((text) => text.startsWith(mark));
  return line?.slice(mark.length).trim();
}
