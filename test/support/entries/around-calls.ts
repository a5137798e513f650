/** Puts something around the calls of a binding, for entries that count them or let them fail. */

type Names = { calls: string[]; leads?: string[] };
type Around = (call: () => Promise<unknown>) => Promise<unknown>;

/** D1: a statement's call or a batch is one round trip; preparing and binding is none. */
export const DATABASE_CALLS: Names = {
  calls: ['batch', 'exec', 'all', 'run', 'first', 'raw'],
  leads: ['prepare', 'bind'],
};

const originals = new WeakMap<object, object>();

/** The same object, with `around` at its `calls`. `leads` are the names that lead on to another object of the kind. */
export const aroundCalls = <Target extends object>(target: Target, names: Names, around: Around): Target => {
  const proxy = new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      const name = String(key);
      return (...given: unknown[]) => {
        const call = () => Reflect.apply(value, target, given.map(original));
        if (names.calls.includes(name)) return around(call);
        return names.leads?.includes(name) ? aroundCalls(call() as object, names, around) : call();
      };
    },
  });
  originals.set(proxy, target);
  return proxy;
};

/** What the platform takes back must be its own: a batch takes statements, and ours stand around them. */
const original = (given: unknown): unknown => {
  if (Array.isArray(given)) return given.map(original);
  return (typeof given === 'object' && given !== null && originals.get(given)) || given;
};
