// Terminate: by the cluster's name, typed out, since nothing brings its data back.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { ConfirmationModal } from '@leafygreen-ui/confirmation-modal'
import { useToast } from '@leafygreen-ui/toast'
import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/operation.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { useGroupId } from '../../frame/place.ts'
import { working } from '../../frame/working.tsx'
import { refusalOf } from './action.ts'
import type { ShownCluster } from './shown-cluster.ts'
import { useDialog } from './use-dialog.ts'

export function TerminateDialog({ cluster }: { readonly cluster: ShownCluster }) {
  const groupId = useGroupId()
  const { close } = useDialog()
  const navigate = useNavigate()
  const { pushToast } = useToast()
  const remove = useChange('deleteGroupCluster')
  const removeFlex = useChange('deleteGroupFlexCluster')
  const { name } = cluster
  const refused = refusalOf('terminate', cluster)
  const error = remove.error ?? removeFlex.error
  const terminate = async (): Promise<void> => {
    const going = cluster.flex
      ? removeFlex.mutateAsync({ params: { groupId, name } })
      : remove.mutateAsync({ params: { groupId, clusterName: name } })
    // The cluster, and this dialog with it, may be gone before the answer is told to it.
    await going.then(
      () => {
        void navigate({ to: `/groups/${groupId}/clusters`, replace: true })
        pushToast({ variant: 'progress', title: `${name} is being terminated.` })
      },
      () => undefined,
    )
  }
  return (
    <ConfirmationModal
      open
      variant="danger"
      title={`Terminate ${name}?`}
      requiredInputText={name}
      cancelButtonProps={{ onClick: close }}
      confirmButtonProps={{
        children: 'Terminate',
        disabled: refused !== undefined,
        ...working(remove.isPending || removeFlex.isPending, 'Terminate'),
        onClick: () => void terminate(),
      }}
    >
      {error !== null && <ErrorBanner error={error} />}
      {refused !== undefined && <Banner variant={Variant.Warning}>{refused}</Banner>}
      <p>
        Every connection to it ends, and its connection strings lead nowhere from then on. A cluster that was created
        here goes with its data; a deployment of your own is only no longer known here, and database users and roles
        that Postern made there are removed from it. Who was there before stays, with the password and roles that
        Postern gave them. The event of the deletion in the activity feed names them, and who cannot be removed because
        the deployment does not answer. Private endpoints belong to the project and stay.
      </p>
    </ConfirmationModal>
  )
}
