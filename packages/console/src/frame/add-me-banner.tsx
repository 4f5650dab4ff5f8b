// An Organization Owner is no Project Owner by that: on every page of such a project they are offered to make themselves one.

import { Banner, Variant } from '@leafygreen-ui/banner'
import Button from '@leafygreen-ui/button'
import { useQuery } from '@tanstack/react-query'
import { call, useOperation, useWork } from '../api/operation.ts'
import { sentenceOf } from '../api/sentence.ts'
import { sessionQuery } from '../api/session.ts'
import styles from './add-me-banner.module.css'
import { working } from './working.tsx'

const everyone = { itemsPerPage: 500 } as const

export function AddMeBanner({ groupId }: { readonly groupId: string }) {
  const caller = useOperation('getGroupCallerRoles', { params: { groupId } }).data
  const session = useQuery(sessionQuery).data
  const add = useWork(async ({ userId, username }: { readonly userId: string; readonly username: string }) => {
    const { results } = await call('listGroupUsers', { params: { groupId }, query: { ...everyone, username } })
    return results.length === 0
      ? call('addGroupUsers', { params: { groupId }, body: { username, roles: ['GROUP_OWNER'] } })
      : call('addGroupUserRole', { params: { groupId, userId }, body: { groupRole: 'GROUP_OWNER' } })
  })
  if (caller?.mayAddThemselves !== true || !session) return null
  return (
    <div className={styles.around}>
      <Banner variant={add.error === null ? Variant.Info : Variant.Danger}>
        <div className={styles.row}>
          <span>
            {add.error === null
              ? 'You are Organization Owner, and not Project Owner of this project. To change it, add yourself first.'
              : sentenceOf(add.error)}
          </span>
          <Button
            size="small"
            {...working(add.isPending, 'Add me as Project Owner')}
            onClick={() => add.mutate(session)}
          >
            Add me as Project Owner
          </Button>
        </div>
      </Banner>
    </div>
  )
}
