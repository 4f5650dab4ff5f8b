// All that is known of one event.

import Modal from '@leafygreen-ui/modal'
import { H3 } from '@leafygreen-ui/typography'
import { Answered } from '../../frame/answered.tsx'
import { moment } from '../../frame/moment.ts'
import { typeWords } from '../../words/event-type.ts'
import styles from './activity-feed.module.css'
import { type FeedEvent, targetOf, whoOf } from './event-words.ts'
import { useEvent } from './use-events.ts'

export function EventDialog({ eventId, onClose }: { readonly eventId: string; readonly onClose: () => void }) {
  const event = useEvent(eventId)
  return (
    <Modal open setOpen={onClose} aria-label="Event">
      <H3 as="h2">{event.data === undefined ? 'Event' : typeWords(event.data.eventTypeName)}</H3>
      <Answered query={event}>{(known) => <Facts event={known} />}</Answered>
    </Modal>
  )
}

const Facts = ({ event }: { readonly event: FeedEvent }) => (
  <dl className={styles.facts}>
    {factsOf(event).map(({ name, value }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

function factsOf({ links: _, raw, isGlobalAdmin: __, created, ...fields }: FeedEvent) {
  const told = {
    when: moment(created),
    who: whoOf({ links: [], isGlobalAdmin: false, created, ...fields }),
    ...fields,
    ...targetOf(raw),
  }
  return Object.entries(told).flatMap(([name, value]) =>
    value === undefined || value === null || value === ''
      ? []
      : [{ name, value: typeof value === 'string' ? value : JSON.stringify(value) }],
  )
}
