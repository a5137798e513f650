/** A try at a password that was counted before it is hashed: what was not hashed is given back. */

/** A hasher that is busy or does not answer is not the person's mistake. */
export const orTakeBack = async <Done extends { kind: string }>(
  hash: () => Promise<Done>,
  takeBack: () => Promise<void>,
): Promise<Done> => {
  let isHashed = false;
  try {
    const done = await hash();
    isHashed = done.kind !== 'lane_full';
    return done;
  } finally {
    if (!isHashed) await takeBack();
  }
};
