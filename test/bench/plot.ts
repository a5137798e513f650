/** A plot as SVG, the same on every machine: no font is measured, nothing moves, and it reads on light and dark pages. */
import { init } from 'echarts';
import type { Plot } from './section.ts';

const WIDTH_PX = 760;
const HEIGHT_PX = 380;

/** Rekey's own colour, the peer's, the floor's. */
export const COLOURS = { rekey: '#2563eb', peer: '#d97706', floor: '#6b7280' } as const;

export const renderPlot = ({ option }: Plot): string => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH_PX, height: HEIGHT_PX });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      ...option,
    });
    return `${chart.renderToSVGString()}\n`;
  } finally {
    // An undisposed chart keeps the process alive.
    chart.dispose();
  }
};
