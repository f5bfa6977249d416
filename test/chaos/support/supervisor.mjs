import { pidOf } from '../../../tools/lib/processes.mjs';
import { respawn, servicesOf } from '../../../tools/lib/stack.mjs';

const LOOK_MS = 300;
/** A crash is noticed after about this long. */
const NOTICE_MS = 700;

/** Starts services again that have ended, as systemd or Kubernetes would. */
export class Supervisor {
  restarts = 0;
  paused = new Set();

  constructor(dir) {
    this.dir = dir;
    this.ids = servicesOf(dir);
    this.down = new Map();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  look() {
    for (const id of this.ids) {
      if (pidOf(this.dir, id) !== undefined) this.down.delete(id);
      else if (!this.down.has(id)) this.down.set(id, Date.now());
      else if (Date.now() - this.down.get(id) > NOTICE_MS) {
        this.restarts++;
        this.down.delete(id);
        respawn({ dir: this.dir, id });
      }
    }
  }

  /** `kill`s a service. @returns {boolean} whether it ran */
  signal(id, signal) {
    const pid = pidOf(this.dir, id);
    if (pid === undefined) return false;
    process.kill(pid, signal);
    return true;
  }

  pause(id, ms) {
    if (this.paused.has(id) || !this.signal(id, 'SIGSTOP')) return;
    this.paused.add(id);
    setTimeout(() => this.resume(id), ms).unref();
  }

  resume(id) {
    if (this.paused.delete(id)) this.signal(id, 'SIGCONT');
  }

  resumeAll() {
    for (const id of [...this.paused]) this.resume(id);
  }

  close() {
    this.resumeAll();
    clearInterval(this.timer);
  }
}
