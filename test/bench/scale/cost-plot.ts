/** The cost of a month by users, both in tens. */
import { COLOURS } from '../plot.ts';
import type { Plot } from '../section.ts';
import { costOf } from './cost.ts';
import { type Given, loadOf } from './load.ts';

const LEAST_USERS = 1000;
const TENS = 5;
const STEPS_OF_TEN = [1, 1.5, 2, 3, 5, 7];
/** Below it there is no place on an axis of tens. */
const LEAST_USD = 1;

const usersOf = (): number[] => {
  const tens = Array.from({ length: TENS }, (_, ten) => LEAST_USERS * 10 ** ten);
  return [...tens.flatMap(ten => STEPS_OF_TEN.map(step => ten * step)), LEAST_USERS * 10 ** TENS];
};

const PARTS: readonly [name: string, starts: readonly string[], colour: string][] = [
  ['D1', ['D1:'], COLOURS.peer],
  ['Worker', ['Worker:'], '#059669'],
  ['Logs', ['Workers Logs:'], '#9333ea'],
  ['Queues, objects', ['Queues:', 'Durable Objects:'], '#db2777'],
];

export const costPlot = (given: Given): Plot => {
  const costs = usersOf().map(users => ({ users, ...costOf(loadOf(given, users), given.assumed) }));
  const line = (name: string, usdOf: (cost: (typeof costs)[number]) => number, style: object) => ({
    name,
    type: 'line' as const,
    showSymbol: false,
    data: costs.map(cost => [cost.users, usdOf(cost) < LEAST_USD ? null : Number(usdOf(cost).toPrecision(4))]),
    ...style,
  });
  const partOf = (cost: (typeof costs)[number], starts: readonly string[]) =>
    cost.lines
      .filter(({ name }) => starts.some(start => name.startsWith(start)))
      .reduce((all, { usd }) => all + usd, 0);
  const inColour = (color: string, width = 1.5, type = 'solid') => ({ color, lineStyle: { color, width, type } });
  return {
    name: 'scale-cost',
    alt: 'Cost of a month by users, from a thousand to a hundred million, on axes of tens',
    option: {
      grid: { left: 70, right: 40, top: 50, bottom: 50 },
      legend: { top: 8, icon: 'roundRect', itemHeight: 4 },
      xAxis: { type: 'log', name: 'users', nameLocation: 'middle', nameGap: 30, min: LEAST_USERS, max: 1e8 },
      yAxis: { type: 'log', name: 'US dollars a month', nameLocation: 'middle', nameGap: 50, min: LEAST_USD },
      series: [
        line('in all', ({ usd }) => usd, inColour(COLOURS.rekey, 3)),
        ...PARTS.map(([name, starts, colour]) => line(name, cost => partOf(cost, starts), inColour(colour))),
        line('mails, apart', ({ mailUsd }) => mailUsd, inColour(COLOURS.floor, 1.5, 'dashed')),
      ],
    },
  };
};
