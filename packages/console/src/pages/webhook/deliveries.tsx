// The last messages of a webhook: what they told, and what became of them. A test is sent and watched here.

import Button from '@leafygreen-ui/button'
import Modal from '@leafygreen-ui/modal'
import { Cell, Row } from '@leafygreen-ui/table'
import { Body, H3 } from '@leafygreen-ui/typography'
import { useWork } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { typeWords } from '../../words/event-type.ts'
import type { AccessPlace } from '../access-manager/access-place.ts'
import { DeliveryState } from './delivery-state.tsx'
import { testWebhook, useDeliveries, webhookOperations } from './use-webhooks.ts'
import styles from './webhook.module.css'
import { answerTold, type Webhook } from './webhook.ts'

const shown = 20

interface DialogProps {
  readonly place: AccessPlace
  readonly webhook: Webhook
  readonly onClose: () => void
}

export function Deliveries({ place, webhook: { id, url, enabled }, onClose }: DialogProps) {
  const deliveries = useDeliveries(place, id, shown)
  const test = useWork(() => testWebhook(place, id))
  return (
    <Modal open setOpen={onClose} size="large" aria-label={`Deliveries to ${url}`}>
      <H3 as="h2">Deliveries</H3>
      <Body className={styles.above}>
        The last {shown} messages to {url}. What is not taken is sent again, later each time.
      </Body>
      <Answered query={deliveries}>
        {(all) =>
          all.length === 0 ? (
            <Body className={styles.quiet}>No message yet.</Body>
          ) : (
            <WideTable label="Messages" columns={['Event', 'State', 'Answer', 'Last Attempt', 'Next Attempt']}>
              {all.map((delivery) => (
                <Row key={delivery.id}>
                  <Cell>{typeWords(delivery.eventTypeName)}</Cell>
                  <Cell>
                    <DeliveryState delivery={delivery} />
                  </Cell>
                  <Cell>{answerTold(delivery)}</Cell>
                  <Cell>{delivery.lastAttempt !== null && <When at={delivery.lastAttempt} />}</Cell>
                  <Cell>{delivery.nextAttempt !== null && <When at={delivery.nextAttempt} />}</Cell>
                </Row>
              ))}
            </WideTable>
          )
        }
      </Answered>
      {test.error !== null && <Body role="alert">{sentenceOf(test.error)}</Body>}
      <div className={styles.ways}>
        <MayButton
          operation={webhookOperations[place.kind].test}
          isLoading={test.isPending}
          blocked={enabled ? undefined : 'The webhook is disabled.'}
          onClick={() => test.mutate(undefined)}
        >
          Send a Test
        </MayButton>
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </Modal>
  )
}
