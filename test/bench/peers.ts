/**
 * How long an answer takes, beside the floor and beside better-auth: in turns, A B C A B C, so that whatever else the machine
 * does falls on all of them alike, and the ratios hold where the milliseconds do not.
 */
import { COLOURS } from './plot.ts';
import type { BenchOptions, Section } from './section.ts';
import type { Client } from './servers/client.ts';
import { type Call, type CallName, DEPLOYED_COST, prepareScene, type Scene } from './servers/scene.ts';
import { type Servers, startServers } from './servers/workers.ts';
import { type Spread, spreadOf } from './spread.ts';

type Row = {
  operation: string;
  /** What of it nobody can do without. */
  floor: string;
  floorMs: Spread;
  rekeyMs: Spread;
  peerMs: Spread | null;
  /** Rekey's time by the floor's, pair by pair. */
  overFloor: Spread;
  /** better-auth's time by Rekey's, pair by pair. */
  peerOverRekey: Spread | null;
};
export type PeersResult = { rows: Row[] };

type Plan = {
  operation: string;
  floor: string;
  /** The floor's calls, one after the other. */
  floorCalls: CallName[];
  rekey: CallName;
  peer: CallName | null;
  /** A hash is in it: one call a turn is enough, and few turns. */
  isSlow: boolean;
};

/** The second round trip of each of them writes. */
const HASH_AND_TRIPS = 'one hash, one SELECT and one INSERT';

const PLANS: Plan[] = [
  {
    operation: 'who am I, without a cookie',
    floor: 'an answer',
    floorCalls: ['nothing'],
    rekey: 'whoAmINobody',
    peer: 'peerWhoAmINobody',
    isSlow: false,
  },
  {
    operation: 'who am I',
    floor: 'one SELECT',
    floorCalls: ['oneSelect'],
    rekey: 'whoAmI',
    peer: 'peerWhoAmI',
    isSlow: false,
  },
  {
    operation: 'ask for a reset, the rate limiter answering at once',
    floor: 'one queue send',
    floorCalls: ['oneSend'],
    rekey: 'askResetUnlimited',
    peer: 'peerAskReset',
    isSlow: false,
  },
  {
    operation: 'ask for a reset, with the local rate limiter',
    floor: 'one queue send',
    floorCalls: ['oneSend'],
    rekey: 'askReset',
    peer: 'peerAskReset',
    isSlow: false,
  },
  {
    operation: 'sign in',
    floor: HASH_AND_TRIPS,
    floorCalls: ['oneHash', 'oneSelect', 'oneInsert'],
    rekey: 'signIn',
    peer: 'peerSignIn',
    isSlow: true,
  },
  {
    operation: 'finish a registration',
    floor: HASH_AND_TRIPS,
    floorCalls: ['oneHash', 'oneSelect', 'oneInsert'],
    rekey: 'register',
    peer: 'peerRegister',
    isSlow: true,
  },
  {
    operation: 'finish a reset',
    floor: HASH_AND_TRIPS,
    floorCalls: ['oneHash', 'oneSelect', 'oneInsert'],
    rekey: 'reset',
    peer: 'peerReset',
    isSlow: true,
  },
];

const SLOW_WARM_UP = 2;
const COUNTS = { quick: { turns: 3, calls: 20, slowTurns: 2 }, full: { turns: 20, calls: 100, slowTurns: 15 } };

const measure = async ({ quick, say }: BenchOptions): Promise<PeersResult> => {
  const counts = quick ? COUNTS.quick : COUNTS.full;
  const servers = await startServers(DEPLOYED_COST);
  try {
    const scene = await prepareScene(servers, counts.slowTurns + SLOW_WARM_UP);
    const rows: Row[] = [];
    for (const plan of PLANS) {
      say(`times: ${plan.operation}`);
      rows.push(await measureRow(servers, scene, plan, counts));
    }
    return { rows };
  } finally {
    await servers.stop();
  }
};

const measureRow = async (
  servers: Servers,
  scene: Scene,
  { operation, floor, floorCalls, rekey, peer, isSlow }: Plan,
  { turns, calls, slowTurns }: (typeof COUNTS)['full'],
): Promise<Row> => {
  const perTurn = isSlow ? 1 : calls;
  const timerOf = async (call: Call) => {
    const client = await servers.connectTo(call.server);
    // Not measured: compiling, and the first use of everything.
    await timeOf(client, call, isSlow ? SLOW_WARM_UP : calls);
    return () => timeOf(client, call, perTurn);
  };
  const floors = await Promise.all(floorCalls.map(name => timerOf(scene[name])));
  const timeRekey = await timerOf(scene[rekey]);
  const timePeer = peer && (await timerOf(scene[peer]));
  const taken = { floor: [] as number[], rekey: [] as number[], peer: [] as number[] };
  for (let turn = 0; turn < (isSlow ? slowTurns : turns); turn += 1) {
    let ofFloor = 0;
    for (const time of floors) ofFloor += await time();
    taken.floor.push(ofFloor);
    taken.rekey.push(await timeRekey());
    if (timePeer) taken.peer.push(await timePeer());
  }
  const ratios = (over: number[], under: number[]) =>
    spreadOf(over.map((ms, turn) => ms / (under[turn] ?? Number.NaN)));
  return {
    operation,
    floor,
    floorMs: spreadOf(taken.floor),
    rekeyMs: spreadOf(taken.rekey),
    peerMs: timePeer ? spreadOf(taken.peer) : null,
    overFloor: ratios(taken.rekey, taken.floor),
    peerOverRekey: timePeer ? ratios(taken.peer, taken.rekey) : null,
  };
};

/** Milliseconds for one call, of so many one after the other. Rejects where one does not answer as it should. */
const timeOf = async (client: Client, { request, status, nextJson }: Call, calls: number): Promise<number> => {
  const startedAt = performance.now();
  for (let n = 0; n < calls; n += 1) {
    const answer = await client.send(nextJson ? { ...request, json: nextJson() } : request);
    if (answer.status !== status) throw new Error(`${request.path} answered ${answer.status}: ${answer.body}`);
  }
  return (performance.now() - startedAt) / calls;
};

const ms = (spread: Spread | null): string => (spread ? spread.median.toFixed(2) : 'none');
const ratio = (spread: Spread | null): string =>
  spread ? `${spread.median.toFixed(2)} (${spread.low.toFixed(2)} to ${spread.high.toFixed(2)})` : 'none';

const describe = ({ rows }: PeersResult): string =>
  [
    'One request at a time, in turns; medians, and for the ratios, taken pair by pair, the quartiles. The answer alone: nobody',
    'reads the queue, and better-auth’s mails go nowhere. better-auth is set up as its documentation has it, with its limits',
    'in memory, which is its default and cheaper than in the database. It hashes passwords at ln=14, r=16, p=1, Rekey at OWASP’s',
    'ln=14, r=8, p=5, which is two and a half times the work. What hashes is over the floor by ten to fifteen milliseconds (what',
    'it takes with a hash of next to nothing): a second round trip of seven statements in place of one, the way to the object that',
    'hashes and back, and the local rate limiter; the rest of the ratio is the noise of a hash of 0.3 s.',
    '',
    '| operation | floor | floor, ms | Rekey, ms | better-auth, ms | Rekey ÷ floor | better-auth ÷ Rekey |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      row =>
        `| ${row.operation} | ${row.floor} | ${ms(row.floorMs)} | ${ms(row.rekeyMs)} | ${ms(row.peerMs)} | ` +
        `${ratio(row.overFloor)} | ${ratio(row.peerOverRekey)} |`,
    ),
  ].join('\n');

export const peers: Section<PeersResult> = {
  name: 'peers',
  title: 'How long an answer takes',
  measure,
  describe,
  plots({ rows }) {
    const fast = rows.filter(row => row.rekeyMs.median < 50);
    const bars = (name: string, color: string, of: (row: Row) => Spread | null) => ({
      name,
      type: 'bar' as const,
      itemStyle: { color },
      data: fast.map(row => Number((of(row)?.median ?? 0).toFixed(3))),
    });
    return [
      {
        name: 'peers',
        alt: 'Milliseconds an answer takes: the floor, Rekey and better-auth for four operations',
        option: {
          title: { text: 'Milliseconds until the answer (less is better)', left: 'center' },
          legend: { bottom: 0 },
          grid: { left: 240, right: 30, top: 50, bottom: 50 },
          xAxis: { type: 'value' },
          yAxis: {
            type: 'category',
            inverse: true,
            data: fast.map(row => row.operation),
            axisLabel: { width: 210, overflow: 'break' },
          },
          series: [
            bars('floor', COLOURS.floor, row => row.floorMs),
            bars('Rekey', COLOURS.rekey, row => row.rekeyMs),
            bars('better-auth', COLOURS.peer, row => row.peerMs),
          ],
        },
      },
    ];
  },
};
