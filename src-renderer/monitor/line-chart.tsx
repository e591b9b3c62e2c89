import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface LineChartProps {
  /** Seconds since the epoch, rising. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly format: (value: number) => string;
  readonly formatTime: (at: number) => string;
  readonly label: string;
  /** A CSS custom property: `--running`. */
  readonly colour: string;
  /** What the value axis may count in: people read 256 MB, not 191. */
  readonly steps: readonly number[];
}

/** Steps for counts. */
export const wholeSteps: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
/** Steps for bytes: powers of two from 1 MB. */
export const byteSteps: readonly number[] = Array.from({ length: 24 }, (_, power) => 2 ** (20 + power));
const SHORTEST_SECONDS = 120;

/** The time shown: what there is, and two minutes at least. A single reading has no extent of its own. */
const timeRange = (chart: uPlot): [number, number] => {
  const [times] = chart.data;
  const end = times.at(-1) ?? Date.now() / 1000;
  return [Math.min(times[0] ?? end, end - SHORTEST_SECONDS), end];
};

/** A colour property as the canvas wants it: resolved for the present theme. */
function resolved(element: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** A line over time, drawn anew when the theme changes. */
export function LineChart({ times, values, format, formatTime, label, colour, steps }: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const data = useRef<uPlot.AlignedData>([[], []]);
  useEffect(() => {
    data.current = [[...times], [...values]];
    chart.current?.setData(data.current);
  }, [times, values]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const draw = (): void => {
      chart.current?.destroy();
      const grid = { stroke: resolved(element, '--line'), width: 1 };
      const axis = { stroke: resolved(element, '--ink-3'), grid, ticks: { show: false }, font: `11px ${getComputedStyle(document.body).fontFamily}` };
      const line = resolved(element, colour);
      chart.current = new uPlot(
        {
          width: element.clientWidth,
          height: element.clientHeight,
          padding: [8, 4, 0, 0],
          legend: { show: false },
          cursor: { y: false, points: { size: 6 } },
          scales: {
            x: { range: timeRange },
            y: { range: (_chart, _low, high) => [0, Math.max((steps[0] ?? 1) * 4, high * 1.2)] },
          },
          axes: [
            { ...axis, size: 28, space: 90, values: (_chart, splits) => splits.map((at) => formatTime(at * 1000)) },
            { ...axis, size: 58, space: 34, incrs: [...steps], values: (_chart, splits) => splits.map(format) },
          ],
          series: [{}, { stroke: line, width: 1.5, fill: line.replace('rgb(', 'rgba(').replace(')', ', 0.10)'), points: { show: false } }],
        },
        data.current,
        element,
      );
    };
    draw();
    const size = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: element.clientHeight }));
    size.observe(element);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', draw);
    return () => {
      size.disconnect();
      theme.disconnect();
      system.removeEventListener('change', draw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, [colour, format, formatTime, steps]);
  const last = values.at(-1);
  return <div ref={box} role="img" aria-label={last === undefined ? label : `${label}: ${format(last)}`} className="h-44 w-full" />;
}
