/**
 * Loaded before a program's own code: when its parent is gone, however it went, it ends too. Without this a killed
 * `npm run dev` would leave a Worker behind that holds its port.
 */
const LOOK_EVERY_MS = 1000;

const parentPid = process.ppid;

setInterval(() => {
  // An orphan gets another parent.
  if (process.ppid !== parentPid) process.kill(process.pid, 'SIGTERM');
}, LOOK_EVERY_MS).unref();

export {};
