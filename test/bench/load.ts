/** Many at once: how many answers a second, and how long the slowest hundredth waits. */
import autocannon from 'autocannon';
import { COLOURS } from './plot.ts';
import type { BenchOptions, Section } from './section.ts';
import { newNetwork } from './servers/client.ts';
import { type Call, type CallName, DEPLOYED_COST, prepareScene, type Scene } from './servers/scene.ts';
import { type Servers, startServers } from './servers/workers.ts';
import { type Spread, spreadOf } from './spread.ts';

type Load = {
  operation: string;
  connections: number;
  /** Answers a second. */
  throughput: Spread;
  p50Ms: number;
  p99Ms: number;
  /** Of all turns: connections that broke, time-outs, and answers of another kind than 2xx. */
  errors: number;
};
export type LoadResult = {
  loads: Load[];
  /** GET /api/session at 10 connections, alone and while 10 people sign in over and over. */
  besideSignIns: { alone: Load; beside: Load };
};

const CONNECTIONS = [10, 50, 200];

const OPERATIONS: { name: string; call: CallName; connections: number[] }[] = [
  { name: 'floor: one SELECT', call: 'oneSelect', connections: [10] },
  { name: 'Rekey: who am I', call: 'whoAmI', connections: CONNECTIONS },
  { name: 'better-auth: who am I', call: 'peerWhoAmI', connections: [10] },
  { name: 'floor: one queue send', call: 'oneSend', connections: [10] },
  { name: 'Rekey: ask for a reset', call: 'askResetUnlimited', connections: CONNECTIONS },
  { name: 'better-auth: ask for a reset', call: 'peerAskReset', connections: [10] },
];

const measure = async (options: BenchOptions): Promise<LoadResult> => {
  const [turns, seconds] = options.quick ? [1, 1] : [3, 2];
  const loads = await measureLoads(options, turns, seconds);
  options.say('load: beside people who sign in');
  return { loads, besideSignIns: await measureBesideSignIns(seconds) };
};

const measureLoads = async ({ quick, say }: BenchOptions, turns: number, seconds: number): Promise<Load[]> => {
  const servers = await startServers(DEPLOYED_COST);
  try {
    const scene = await prepareScene(servers);
    const loads: Load[] = [];
    for (const connections of quick ? [10] : CONNECTIONS) {
      say(`load: ${connections} connections`);
      const operations = quick ? OPERATIONS.slice(0, 2) : OPERATIONS;
      loads.push(...(await inTurns(servers, scene, operations, connections, turns, seconds)));
    }
    return loads;
  } finally {
    await servers.stop();
  }
};

/** With servers of its own: where a hundred thousand messages lie in the queue that nobody reads, all is slower. */
const measureBesideSignIns = async (seconds: number): Promise<LoadResult['besideSignIns']> => {
  const servers = await startServers(DEPLOYED_COST);
  try {
    const scene = await prepareScene(servers);
    const session = () => hit(servers, scene.whoAmI, 10, seconds);
    const alone = asLoad('who am I, alone', 10, [await session()]);
    const [besideOne] = await Promise.all([session(), hit(servers, scene.signIn, 10, seconds, scene.crowd)]);
    return { alone, beside: asLoad('who am I, while 10 people sign in', 10, [besideOne]) };
  } finally {
    await servers.stop();
  }
};

const inTurns = async (
  servers: Servers,
  scene: Scene,
  all: typeof OPERATIONS,
  connections: number,
  turns: number,
  seconds: number,
) => {
  const operations = all.filter(operation => operation.connections.includes(connections));
  const results = new Map<string, autocannon.Result[]>();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { name, call } of operations) {
      const result = await hit(servers, scene[call], connections, seconds);
      results.set(name, [...(results.get(name) ?? []), result]);
    }
  }
  return operations.map(({ name }) => asLoad(name, connections, results.get(name) ?? []));
};

/** One call over and over, by so many connections for so many seconds. */
export const hit = async (
  servers: Servers,
  { server, request }: Call,
  connections: number,
  duration: number,
  /** Sent in turn, where not all send the same. */
  bodies: readonly unknown[] = [request.json],
): Promise<autocannon.Result> => {
  const { path, method = 'GET', headers = {}, json } = request;
  let sent = 0;
  const nextBody = () => {
    sent += 1;
    return JSON.stringify(bodies[sent % bodies.length]);
  };
  return autocannon({
    url: (await servers.urlOf(server)).href,
    connections,
    duration,
    requests: [
      {
        path,
        method,
        setupRequest: made => ({
          ...made,
          ...(json !== undefined && { body: nextBody() }),
          headers: {
            ...headers,
            host: new URL(servers.appUrl).host,
            'CF-Connecting-IP': newNetwork(),
            ...(json !== undefined && { 'Content-Type': 'application/json' }),
          },
        }),
      },
    ],
  });
};

const asLoad = (operation: string, connections: number, results: autocannon.Result[]): Load => ({
  operation,
  connections,
  throughput: spreadOf(results.map(({ requests }) => requests.average)),
  p50Ms: spreadOf(results.map(({ latency }) => latency.p50)).median,
  p99Ms: spreadOf(results.map(({ latency }) => latency.p99)).median,
  errors: results.reduce((sum, { errors, timeouts, non2xx }) => sum + errors + timeouts + non2xx, 0),
});

const row = ({ operation, connections, throughput, p50Ms, p99Ms, errors }: Load): string =>
  `| ${operation} | ${connections} | ${Math.round(throughput.median)} | ${p50Ms} | ${p99Ms} | ${errors} |`;

const describe = ({ loads, besideSignIns }: LoadResult): string =>
  [
    'Requests from another process of the same machine, in turns; the answer alone, and the rate limiter answers at once.',
    '',
    '| operation | connections | answers a second | p50, ms | p99, ms | errors |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...[...loads, besideSignIns.alone, besideSignIns.beside].map(row),
    '',
    'Signing in hashes, and the local runtime has one thread for everything, so there the session waits behind the hash. On the',
    'platform the hash is in another isolate.',
  ].join('\n');

export const load: Section<LoadResult> = {
  name: 'load',
  title: 'Under load',
  measure,
  describe,
  plots({ loads }) {
    const at10 = loads.filter(({ connections }) => connections === 10);
    return [
      {
        name: 'throughput',
        alt: 'Answers a second at 10 connections: the floor, Rekey and better-auth for who am I and ask for a reset',
        option: {
          title: { text: 'Answers a second at 10 connections (more is better)', left: 'center' },
          grid: { left: 200, right: 60, top: 50, bottom: 30 },
          xAxis: { type: 'value' },
          yAxis: { type: 'category', inverse: true, data: at10.map(({ operation }) => operation) },
          series: [
            {
              type: 'bar',
              label: { show: true, position: 'right' },
              data: at10.map(({ operation, throughput }) => ({
                value: Math.round(throughput.median),
                itemStyle: {
                  color: operation.startsWith('floor')
                    ? COLOURS.floor
                    : operation.startsWith('Rekey')
                      ? COLOURS.rekey
                      : COLOURS.peer,
                },
              })),
            },
          ],
        },
      },
    ];
  },
};
