// Bytes and connections over time, drawn by uPlot, which is loaded with this file alone. It draws on a canvas, which no
// style of the page reaches: colours are the design system's, by theme. What the pointer is at is told beside the names.

import { useDarkMode } from '@leafygreen-ui/leafygreen-provider'
import { palette } from '@leafygreen-ui/palette'
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { bytes } from './bytes.ts'
import styles from './traffic.module.css'
import { type Point, type Traffic, timeOf } from './traffic-figures.ts'

interface Line {
  readonly name: string
  readonly of: 'bytesFromClient' | 'bytesFromMember' | 'connections'
  readonly colour: { readonly light: string; readonly dark: string }
}

interface Kind {
  readonly title: string
  readonly lines: readonly Line[]
  readonly words: (value: number) => string
  /** What marks of the upright axis may lie apart. */
  readonly steps: number[]
}

const kinds: readonly Kind[] = [
  {
    title: 'Bytes',
    lines: [
      {
        name: 'From clients',
        of: 'bytesFromClient',
        colour: { light: palette.blue.base, dark: palette.blue.light1 },
      },
      {
        name: 'From members',
        of: 'bytesFromMember',
        colour: { light: palette.green.dark1, dark: palette.green.base },
      },
    ],
    words: bytes,
    steps: Array.from({ length: 50 }, (_, power) => 2 ** power),
  },
  {
    title: 'Connections',
    lines: [
      {
        name: 'Connected',
        of: 'connections',
        colour: { light: palette.purple.base, dark: palette.purple.base },
      },
    ],
    words: String,
    steps: Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat(),
  },
]

export const Charts = ({ traffic, within }: { readonly traffic: Traffic; readonly within: string }) => (
  <div className={styles.charts}>
    {kinds.map((kind) => (
      <Chart key={kind.title} kind={kind} points={traffic.points} within={within} />
    ))}
  </div>
)

const height = 180

interface ChartProps {
  readonly kind: Kind
  readonly points: readonly Point[]
  readonly within: string
}

function Chart({ kind, points, within }: ChartProps) {
  const theme = useDarkMode().darkMode ? 'dark' : 'light'
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const data = dataOf(kind, points)
  const newest = useRef(data)
  newest.current = data

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const drawn = new uPlot(
      optionsOf(kind, { theme, width: element.clientWidth, onPoint: setPointed }),
      newest.current,
      element,
    )
    chart.current = drawn
    const watching = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }))
    watching.observe(element)
    return () => {
      watching.disconnect()
      drawn.destroy()
      chart.current = null
    }
  }, [kind, theme])

  // The points are new with each answer; drawing them again costs a moment.
  useEffect(() => chart.current?.setData(dataOf(kind, points)), [kind, points])

  const shown = points[pointed ?? points.length - 1]
  return (
    <figure className={styles.chart}>
      <figcaption>
        <span>
          {kind.title}
          {shown && `, ${timeOf(shown.from)}`}
        </span>
        {kind.lines.map(({ name, of, colour }) => (
          <span key={name}>
            <svg className={styles.mark} viewBox="0 0 10 10" aria-hidden="true">
              <rect width="10" height="10" rx="2" fill={colour[theme]} />
            </svg>
            {name}: {shown === undefined ? '—' : kind.words(shown[of])}
          </span>
        ))}
      </figcaption>
      <div ref={place} role="img" aria-label={`${kind.title} ${within}; the table has the figures`} />
    </figure>
  )
}

const dataOf = ({ lines }: Kind, points: readonly Point[]): uPlot.AlignedData => [
  points.map(({ from }) => new Date(from).getTime() / 1000),
  ...lines.map(({ of }) => points.map((point) => point[of])),
]

interface Drawing {
  readonly theme: 'light' | 'dark'
  readonly width: number
  readonly onPoint: (position: number | null) => void
}

function optionsOf({ lines, words, steps }: Kind, { theme, width, onPoint }: Drawing): uPlot.Options {
  const ink = theme === 'dark' ? palette.gray.light1 : palette.gray.dark1
  const rule = { stroke: theme === 'dark' ? palette.gray.dark2 : palette.gray.light2, width: 1 }
  const axis = { stroke: ink, font: '11px Helvetica, Arial, sans-serif', grid: rule, ticks: rule }
  return {
    width,
    height,
    legend: { show: false },
    // Room for the last time of the axis.
    padding: [8, 28, 0, 0],
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { y: { range: (_, __, most) => [0, Math.max(most * 1.1, steps[0] ?? 1)] } },
    series: [
      {},
      ...lines.map(({ name, colour }) => ({
        label: name,
        stroke: colour[theme],
        width: 2,
        fill: `${colour[theme]}1f`,
        points: { show: false },
      })),
    ],
    axes: [
      { ...axis, values: (_, times) => times.map((time) => timeOf(new Date(time * 1000).toISOString())), space: 64 },
      { ...axis, values: (_, values) => values.map((value) => words(value)), incrs: steps, size: 64 },
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  }
}
