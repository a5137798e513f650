/** What the Worker uses of node:crypto. The whole types of Node would bring its globals, and a Worker has few of them. */
declare module 'node:crypto' {
  export const scryptSync: (
    password: Uint8Array,
    salt: Uint8Array,
    length: number,
    options: { N: number; r: number; p: number; maxmem: number },
  ) => Uint8Array;
  export const createCipheriv: (
    algorithm: 'aes-256-ctr',
    key: Uint8Array,
    counter: Uint8Array,
  ) => { update(data: Uint8Array): Uint8Array };
}
