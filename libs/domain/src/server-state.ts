/** A cloud server's state in EC2's words, which the reference prints for every cloud. */
export type ServerState =
  'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** EC2's state codes (low byte), as strings, as the reference prints them. */
export const SERVER_STATE_CODES: Record<ServerState, string> = {
  pending: '0',
  running: '16',
  'shutting-down': '32',
  terminated: '48',
  stopping: '64',
  stopped: '80',
};

/** A server as a cloud shows it. Addresses are absent until the cloud has given them. */
export interface ObservedServer {
  id: string;
  state: ServerState;
  /** The launch that made it, from its tag. */
  launchId?: string;
  environmentId?: string;
  publicIp?: string;
  privateIp?: string;
  image?: string;
  size?: string;
  zone?: string;
  name?: string;
  /** Why the cloud took it away; `capacity`: it had no room for it after all. */
  lostFor?: 'capacity' | 'other';
}
