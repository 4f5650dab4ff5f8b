// What else may be done with a cluster. What may not is there with its reason.

import Ellipsis from '@leafygreen-ui/icon/dist/Ellipsis'
import IconButton from '@leafygreen-ui/icon-button'
import { Menu, MenuItem } from '@leafygreen-ui/menu'
import { useState } from 'react'
import { useMayNot } from '../../frame/may.tsx'
import { type Action, refusalOf } from './action.ts'
import styles from './cluster.module.css'
import type { ShownCluster } from './shown-cluster.ts'
import { useDialog } from './use-dialog.ts'

export function ClusterActions({ cluster }: { readonly cluster: ShownCluster }) {
  const [open, setOpen] = useState(false)
  const { open: show } = useDialog()
  const mayNot = useMayNot()
  const update = cluster.flex ? 'updateGroupFlexCluster' : 'updateGroupCluster'
  const remove = cluster.flex ? 'deleteGroupFlexCluster' : 'deleteGroupCluster'
  const item = (action: Action, word: string) => {
    const reason = mayNot(action === 'terminate' ? remove : update) ?? refusalOf(action, cluster)
    return (
      <MenuItem
        disabled={reason !== undefined}
        description={reason && <span className={styles.why}>{reason}</span>}
        variant={action === 'terminate' ? 'destructive' : 'default'}
        onClick={() => {
          setOpen(false)
          show(action, cluster.name)
        }}
      >
        {word}
      </MenuItem>
    )
  }
  return (
    <Menu
      open={open}
      setOpen={setOpen}
      align="bottom"
      justify="end"
      aria-label={`Actions on ${cluster.name}`}
      trigger={
        <IconButton aria-label={`Actions on ${cluster.name}`}>
          <Ellipsis />
        </IconButton>
      }
    >
      {item('edit', 'Edit')}
      {cluster.paused ? item('resume', 'Resume') : item('pause', 'Pause')}
      {item('terminate', 'Terminate')}
    </Menu>
  )
}
