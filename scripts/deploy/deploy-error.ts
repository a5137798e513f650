/** A step that could not be done: what failed, and what to do about it. Both are all that is shown. */
export class DeployError extends Error {
  readonly toDo: string;

  constructor(failed: string, toDo: string) {
    super(failed);
    this.toDo = toDo;
  }
}
