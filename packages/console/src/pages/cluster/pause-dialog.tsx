// Pause and resume, each after a word about what it means.

import { ConfirmationModal } from '@leafygreen-ui/confirmation-modal'
import { useToast } from '@leafygreen-ui/toast'
import { useChange } from '../../api/operation.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { useGroupId } from '../../frame/place.ts'
import { working } from '../../frame/working.tsx'
import type { ShownCluster } from './shown-cluster.ts'
import { useDialog } from './use-dialog.ts'

export function PauseDialog({ cluster: { name, paused } }: { readonly cluster: ShownCluster }) {
  const groupId = useGroupId()
  const { search, close } = useDialog()
  const { pushToast } = useToast()
  const update = useChange('updateGroupCluster')
  const pause = search.dialog === 'pause'
  const word = pause ? 'Pause' : 'Resume'
  const done = (): void => {
    close()
    pushToast({ variant: 'success', title: `${name} ${pause ? 'is paused' : 'runs again'}.` })
  }
  return (
    <ConfirmationModal
      open
      title={`${word} ${name}?`}
      cancelButtonProps={{ onClick: close }}
      confirmButtonProps={{
        children: word,
        ...working(update.isPending, word),
        disabled: pause === paused,
        onClick: () =>
          update.mutate({ params: { groupId, clusterName: name }, body: { paused: pause } }, { onSuccess: done }),
      }}
    >
      {update.error !== null && <ErrorBanner error={update.error} />}
      <p>
        {pause
          ? 'Its members stop: every connection to it ends and new ones are refused until it is resumed. Data, users and connection strings stay.'
          : 'Its members start again, with the data, users and connection strings that it had.'}
      </p>
    </ConfirmationModal>
  )
}
