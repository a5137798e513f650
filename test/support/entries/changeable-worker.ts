/** The Worker whose settings a test changes while jobs are under way, as an operator does between two releases. */
import type { Bindings, SettingName } from '../../../worker/bindings.ts';
import TestWorker from './test-worker.ts';

export { PasswordHasher } from '../../../worker/credentials/password-hasher.ts';

type Settings = { [Name in SettingName]?: string };

let changed: Settings = {};
let parts: Bindings | undefined;

export default class ChangeableWorker extends TestWorker {
  override parts(): Bindings {
    // One object until the next change: the services are opened once for each.
    parts ??= { ...super.parts(), ...changed };
    return parts;
  }

  /** From now on these settings hold; all others are as at the start. */
  changeSettings(settings: Settings) {
    changed = settings;
    parts = undefined;
  }
}
