/** The breakable Worker with METRICS bound to a list that a test reads: the local runtime's own throws everything away. */
import type { Bindings } from '../../../worker/bindings.ts';
import BreakableWorker from './breakable-worker.ts';

export { PasswordHasher } from '../../../worker/credentials/password-hasher.ts';

const points: AnalyticsEngineDataPoint[] = [];
let isBroken = false;

const METRICS: AnalyticsEngineDataset = {
  writeDataPoint(point = {}) {
    if (isBroken) throw new TypeError('too many data points');
    points.push(point);
  },
};

let parts: Bindings | undefined;

export default class MeasuredWorker extends BreakableWorker {
  override parts(): Bindings {
    parts ??= { ...super.parts(), METRICS };
    return parts;
  }

  /** Those since the last time. */
  takePoints() {
    return points.splice(0);
  }

  breakMetrics(isBrokenNow: boolean) {
    isBroken = isBrokenNow;
  }
}
