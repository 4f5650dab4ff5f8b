// The webhooks, each with what became of its last message.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { Cell, Row } from '@leafygreen-ui/table'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import { DeliveryState } from './delivery-state.tsx'
import { useDeliveries, webhookOperations } from './use-webhooks.ts'
import styles from './webhook.module.css'
import { answerTold, eventsTold, type Webhook } from './webhook.ts'

type Open = (dialog: 'edit' | 'deliveries' | 'delete', webhookId: string) => void

interface Shown {
  readonly place: AccessPlace
  readonly webhooks: readonly Webhook[]
  readonly open: Open
}

export const WebhooksTable = ({ place, webhooks, open }: Shown) => (
  <WideTable label="Webhooks" columns={['URL', 'Events', 'State', 'Last Delivery', 'Description', 'Actions']}>
    {webhooks.map((webhook) => (
      <Row key={webhook.id}>
        <Cell>
          <strong>{webhook.url}</strong>
        </Cell>
        <Cell>{eventsTold(webhook)}</Cell>
        <Cell>
          <State webhook={webhook} />
        </Cell>
        <Cell>
          <LastDelivery place={place} webhookId={webhook.id} />
        </Cell>
        <Cell>{webhook.description}</Cell>
        <Cell>
          <RowActions actions={actionsOf(webhook, place, open)} />
        </Cell>
      </Row>
    ))}
  </WideTable>
)

const State = ({ webhook: { enabled, disabledReason } }: { readonly webhook: Webhook }) => (
  <span className={styles.state}>
    <Badge variant={enabled ? Variant.Green : Variant.LightGray}>{enabled ? 'Enabled' : 'Disabled'}</Badge>
    {disabledReason !== null && <span className={styles.quiet}>{disabledReason}</span>}
  </span>
)

function LastDelivery({ place, webhookId }: { readonly place: AccessPlace; readonly webhookId: string }) {
  const { data } = useDeliveries(place, webhookId, 1)
  const last = data?.[0]
  if (last === undefined) return data === undefined ? null : <span className={styles.quiet}>None yet</span>
  return (
    <span className={styles.state}>
      <DeliveryState delivery={last} />
      <span className={styles.quiet}>
        {last.state === 'FAILED' || last.attempts > 1 ? `${answerTold(last)}, ` : ''}
        <When at={last.lastAttempt ?? last.created} />
      </span>
    </span>
  )
}

const actionsOf = ({ id, url }: Webhook, { kind }: AccessPlace, open: Open): readonly RowAction[] => {
  const { change, remove, deliveries } = webhookOperations[kind]
  return [
    { word: 'Edit', label: `Edit ${url}`, operation: change, onClick: () => open('edit', id) },
    { word: 'Deliveries', label: `Deliveries to ${url}`, operation: deliveries, onClick: () => open('deliveries', id) },
    { word: 'Delete', label: `Delete ${url}`, operation: remove, onClick: () => open('delete', id) },
  ]
}
