// Events, one row each.

import Button from '@leafygreen-ui/button'
import { Cell, Row } from '@leafygreen-ui/table'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { typeWords } from '../../words/event-type.ts'
import { type FeedEvent, whatOf, whoOf } from './event-words.ts'

interface Shown {
  readonly events: readonly FeedEvent[]
  readonly onOpen: (eventId: string) => void
}

export const EventList = ({ events, onOpen }: Shown) =>
  events.length === 0 ? null : (
    <WideTable label="Events" columns={['When', 'What', 'Of', 'Who', 'From', 'Details']}>
      {events.map((event) => (
        <Row key={event.id}>
          <Cell>
            <When at={event.created} />
          </Cell>
          <Cell>
            <strong>{typeWords(event.eventTypeName)}</strong>
          </Cell>
          <Cell>{whatOf(event)}</Cell>
          <Cell>{whoOf(event)}</Cell>
          <Cell>{event.remoteAddress}</Cell>
          <Cell>
            <Button
              size="xsmall"
              aria-label={`Details of ${typeWords(event.eventTypeName)}`}
              onClick={() => onOpen(event.id)}
            >
              Details
            </Button>
          </Cell>
        </Row>
      ))}
    </WideTable>
  )
