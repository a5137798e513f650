/** Seconds that run down to zero, by the clock: a tab that slept catches up. */
import { createSignal } from 'solid-js';

export const createCountdown = (onEnd: () => void) => {
  const [seconds, setSeconds] = createSignal(0);
  let timer: ReturnType<typeof setInterval> | undefined;

  const stop = () => {
    clearInterval(timer);
    setSeconds(0);
  };

  const start = (duration: number) => {
    stop();
    if (duration <= 0) return;
    const end = Date.now() + duration * 1000;
    const tick = () => {
      setSeconds(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
      if (seconds() > 0) return;
      stop();
      onEnd();
    };
    timer = setInterval(tick, 1000);
    tick();
  };

  return { seconds, start, stop };
};
