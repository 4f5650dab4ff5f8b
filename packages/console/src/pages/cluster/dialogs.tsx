// The dialog that the URL names, on the cluster that it names. Each is loaded when it is first opened.

import { lazy, Suspense } from 'react'
import type { ShownCluster } from './shown-cluster.ts'
import { useDialog } from './use-dialog.ts'

const ConnectDialog = lazy(async () => ({ default: (await import('../connect/dialog.tsx')).ConnectDialog }))
const CreateDialog = lazy(async () => ({ default: (await import('./create-dialog.tsx')).CreateDialog }))
const RegisterDialog = lazy(async () => ({ default: (await import('./register-dialog.tsx')).RegisterDialog }))
const EditDialog = lazy(async () => ({ default: (await import('./edit-dialog.tsx')).EditDialog }))
const PauseDialog = lazy(async () => ({ default: (await import('./pause-dialog.tsx')).PauseDialog }))
const TerminateDialog = lazy(async () => ({ default: (await import('./terminate-dialog.tsx')).TerminateDialog }))

const ofOne = {
  connect: ConnectDialog,
  edit: EditDialog,
  pause: PauseDialog,
  resume: PauseDialog,
  terminate: TerminateDialog,
} as const
const ofNone = { create: CreateDialog, register: RegisterDialog } as const

export function ClusterDialogs({ clusters }: { readonly clusters: readonly ShownCluster[] }) {
  const { search } = useDialog()
  return (
    <Suspense>
      {dialogOf(
        search.dialog ?? '',
        clusters.find(({ name }) => name === search.cluster),
      )}
    </Suspense>
  )
}

function dialogOf(dialog: string, cluster: ShownCluster | undefined) {
  if (isIn(dialog, ofNone)) {
    const Dialog = ofNone[dialog]
    return <Dialog />
  }
  if (cluster === undefined || !isIn(dialog, ofOne)) return null
  const Dialog = ofOne[dialog]
  return <Dialog cluster={cluster} />
}

const isIn = <Table extends object>(word: string, table: Table): word is Extract<keyof Table, string> =>
  Object.hasOwn(table, word)
