import type { EChartsCoreOption } from 'echarts/core';
import type { Tone } from '../feedback/tones.ts';
import { axisTimeOf, leastStepOf } from './chart-axis.ts';

/** One line or row of bars; null where there is no value. */
export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly tone?: Tone;
}

/** What a chart is drawn from. */
export interface ChartData {
  readonly times: readonly string[];
  readonly series: readonly ChartSeries[];
  readonly kind: 'line' | 'bar';
  readonly format: (value: number) => string;
  readonly language: string;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const order: readonly Tone[] = ['accent', 'info', 'warning', 'danger', 'success', 'neutral'];

/** The look of every chart, in the colours of the present theme. */
export function chartOption({ times, series, kind, format, language }: ChartData): EChartsCoreOption {
  const axisTime = axisTimeOf(times, language);
  const exactTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const text = { color: colour('ink-faint'), fontFamily: 'Inter Variable, system-ui, sans-serif', fontSize: 12 };
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 300,
    grid: { left: 4, right: 8, top: series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
    legend: {
      show: series.length > 1,
      left: 0,
      top: 0,
      icon: 'roundRect',
      itemWidth: 10,
      itemHeight: 10,
      textStyle: { ...text, color: colour('ink-muted') },
    },
    tooltip: {
      trigger: 'axis',
      // Drawn, not made of HTML: the pages' Content-Security-Policy forbids style attributes.
      renderMode: 'richText',
      backgroundColor: colour('ink'),
      borderWidth: 0,
      padding: [8, 12],
      textStyle: { ...text, color: colour('canvas') },
      formatter: (points: { dataIndex: number; seriesName: string; value: number | null }[]) =>
        [
          exactTime.format(new Date(times[points[0]?.dataIndex ?? 0] ?? 0)),
          ...points.map(({ seriesName, value }) => `${seriesName}  ${value === null ? '–' : format(value)}`),
        ].join('\n'),
    },
    xAxis: {
      type: 'category',
      data: times.map((time) => axisTime.format(new Date(time))),
      boundaryGap: kind === 'bar',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour('line') } },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: leastStepOf(series.map(({ values }) => values)),
      splitNumber: 4,
      splitLine: { lineStyle: { color: colour('line'), type: 'dashed' } },
      axisLabel: { ...text, formatter: (value: number) => format(value) },
    },
    series: series.map(({ name, values, tone }, index) => {
      const ink = colour(toneColour(tone ?? order[index % order.length] ?? 'accent'));
      return {
        name,
        type: kind,
        data: [...values],
        stack: kind === 'bar' ? 'all' : undefined,
        barMaxWidth: 28,
        smooth: 0.2,
        showSymbol: hasLonelyValue(values),
        symbolSize: 6,
        lineStyle: { width: 2, color: ink },
        itemStyle: { color: ink },
        areaStyle: kind === 'line' && index === 0 ? { color: ink, opacity: 0.09 } : undefined,
      };
    }),
  };
}

/** A value between two gaps has no line to be seen by. */
function hasLonelyValue(values: readonly (number | null)[]): boolean {
  const isGap = (value: number | null | undefined): boolean => value === null || value === undefined;
  return values.some((value, index) => !isGap(value) && isGap(values[index - 1]) && isGap(values[index + 1]));
}

function toneColour(tone: Tone): string {
  return tone === 'neutral' ? 'ink-faint' : tone;
}
