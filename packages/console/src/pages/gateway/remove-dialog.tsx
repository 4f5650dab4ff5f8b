// Before an edge is revoked or forgotten: which endpoints nothing serves without it.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { useToast } from '@leafygreen-ui/toast'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { call, operation, useWork } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useMayNot } from '../../frame/may.tsx'
import styles from './gateway.module.css'
import { type Edge, forgetBlocked, type Removal, revokeBlocked } from './gateway.ts'

const ways = {
  revoke: {
    title: 'Revoke',
    says: 'It is sent nothing from then on and ends its connections as soon as it is told; a token that it has not used yet is worth nothing. It can be enrolled again.',
    does: 'revokeEdge',
    blocked: revokeBlocked,
    done: 'is revoked',
  },
  forget: {
    title: 'Forget',
    says: 'Nothing waits for it any more: what was deleted while it was silent goes. If it still runs and was not revoked, it comes again with its next report.',
    does: 'deleteEdge',
    blocked: forgetBlocked,
    done: 'is forgotten',
  },
} as const

const mostNamed = 10

interface RemoveProps {
  readonly edge: Edge
  readonly how: keyof typeof ways
  readonly onClose: () => void
}

export function RemoveDialog({ edge, how, onClose }: RemoveProps) {
  const { pushToast } = useToast()
  const { title, says, does, blocked, done } = ways[how]
  const params = { edge: edge.edge }
  const mayNot = useMayNot()(does)
  const work = useWork(() => call(does, { params }))
  const preview = useQuery({
    ...operation('previewEdgeRemoval', { params }),
    // What is gone is not asked about.
    enabled: mayNot === undefined && !work.isPending && !work.isSuccess,
  })
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await work.mutateAsync(undefined)
    pushToast({ title: `${edge.edge} ${done}`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title={`${title} ${edge.edge}`}
      says={says}
      submit={title}
      danger
      busy={work.isPending}
      error={work.error}
      blocked={mayNot ?? blocked(edge)}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      {mayNot === undefined && <Answered query={preview}>{(told) => <Unserved preview={told} />}</Answered>}
    </FormDialog>
  )
}

function Unserved({ preview: { unserved, totalCount } }: { readonly preview: Removal }) {
  if (totalCount === 0) return <Banner>No private endpoint is without a gateway then.</Banner>
  return (
    <Banner variant={Variant.Warning}>
      <strong>
        {totalCount === 1 ? 'A private endpoint is' : `${totalCount} private endpoints are`} served by nothing then:
      </strong>
      <ul className={styles.unserved}>
        {unserved.slice(0, mostNamed).map(({ groupName, endpointId }) => (
          <li key={endpointId}>
            {groupName}: {endpointId}
          </li>
        ))}
        {totalCount > mostNamed && <li>and {totalCount - Math.min(mostNamed, unserved.length)} more</li>}
      </ul>
    </Banner>
  )
}
