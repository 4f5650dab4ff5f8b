// How much passes through an endpoint or a standard listener: now, in the last hour or the last day. The chart is drawn on a canvas, so the same
// figures are there as a table.

import Button from '@leafygreen-ui/button'
import { Card } from '@leafygreen-ui/card'
import { Cell, Row } from '@leafygreen-ui/table'
import { Subtitle } from '@leafygreen-ui/typography'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { operation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { Waiting } from '../../frame/waiting.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { bytes } from './bytes.ts'
import styles from './traffic.module.css'
import { type Period, periodOf, periods, rowsOf, sumsOf, type Traffic as Told, timeOf } from './traffic-figures.ts'

/** uPlot throws while it loads where the browser's language is none that Intl knows, such as en-US@posix. */
const Charts = lazy(() =>
  import('./traffic-charts.tsx').then(
    ({ Charts }) => ({ default: Charts }),
    () => ({ default: NoCharts }),
  ),
)

/** Edges tell as often; no event does. */
const everyMs = 5_000

interface TrafficProps {
  /** As sentences name it: `this endpoint`. */
  readonly what: string
  readonly ask: (period: Period) => ReturnType<typeof operation<'getGroupPrivateEndpointTraffic'>>
}

export function Traffic({ what, ask }: TrafficProps) {
  const { search, replace } = useUrlState()
  const period = periodOf(search.period)
  const traffic = useQuery({ ...ask(period), refetchInterval: everyMs, placeholderData: keepPreviousData })
  return (
    <Card as="section" aria-label="Traffic">
      <div className={styles.head}>
        <Subtitle as="h2">Traffic</Subtitle>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent with a form */}
        <div className={styles.periods} role="group" aria-label="Period">
          {(Object.keys(periods) as Period[]).map((each) => (
            <Button
              key={each}
              size="small"
              variant={each === period ? 'primaryOutline' : 'default'}
              aria-pressed={each === period}
              onClick={() => replace({ period: each === 'PT1H' ? undefined : each })}
            >
              {periods[each].label}
            </Button>
          ))}
        </div>
      </div>
      <Answered query={traffic}>{(told) => <Figures what={what} traffic={told} period={period} />}</Answered>
    </Card>
  )
}

interface FiguresProps {
  readonly what: string
  readonly traffic: Told
  readonly period: Period
}

function Figures({ what, traffic, period }: FiguresProps) {
  const { search, replace } = useUrlState()
  const sums = sumsOf(traffic)
  const { within } = periods[period]
  if (sums.quiet)
    return (
      <p className={styles.none}>
        Nothing passed through {what} {within}. An application that connects with one of the strings above shows here
        within seconds.
      </p>
    )
  const asTable = search.traffic === 'table'
  return (
    <>
      <dl className={styles.figures}>
        <Figure name="Connected now" value={String(sums.connections)} />
        <Figure name={`From clients ${within}`} value={bytes(sums.bytesFromClient)} />
        <Figure name={`From members ${within}`} value={bytes(sums.bytesFromMember)} />
        <Figure name="New connections" value={String(sums.newConnections)} />
        <Figure name="Turned away" value={String(sums.refused)} />
      </dl>
      <Suspense fallback={<Waiting />}>
        <Charts traffic={traffic} within={within} />
      </Suspense>
      <Button size="small" aria-expanded={asTable} onClick={() => replace({ traffic: asTable ? undefined : 'table' })}>
        {asTable ? 'Hide table' : 'Show as a table'}
      </Button>
      {asTable && <AsTable traffic={traffic} />}
    </>
  )
}

const NoCharts = () => (
  <p className={styles.none}>The chart could not be loaded here; the table has the same figures.</p>
)

const Figure = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

const AsTable = ({ traffic }: { readonly traffic: Told }) => (
  <WideTable
    label="Traffic by time"
    columns={['From', 'From clients', 'From members', 'Connected at its end', 'New connections', 'Turned away']}
  >
    {rowsOf(traffic).map(({ from, bytesFromClient, bytesFromMember, connections, newConnections, refused }) => (
      <Row key={from}>
        <Cell>
          <time dateTime={from}>{timeOf(from)}</time>
        </Cell>
        <Cell>{bytes(bytesFromClient)}</Cell>
        <Cell>{bytes(bytesFromMember)}</Cell>
        <Cell>{connections}</Cell>
        <Cell>{newConnections}</Cell>
        <Cell>{refused}</Cell>
      </Row>
    ))}
  </WideTable>
)
