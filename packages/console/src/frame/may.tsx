// What one's role may not do is there, disabled, with the reason. The server decides, for every call; this only explains.

import Button from '@leafygreen-ui/button'
import { Tooltip } from '@leafygreen-ui/tooltip'
import type { Access, OperationId } from '@postern/contract/routes'
import { routes } from '@postern/contract/routes'
import { useQuery } from '@tanstack/react-query'
import type { ComponentProps } from 'react'
import { operation } from '../api/operation.ts'
import { sessionQuery } from '../api/session.ts'
import { useGroupId, useOrgId } from './place.ts'
import { allowsInOrg, roleReason } from './role-reason.ts'
import { working } from './working.tsx'

/** Why the caller may not do it here; undefined where they may, or where it is not known yet. */
export const useMayNot = (): ((operation: OperationId) => string | undefined) => {
  const groupId = useGroupId()
  const orgId = useOrgId()
  const userId = useQuery(sessionQuery).data?.userId ?? ''
  const inGroup = groupId !== ''
  const caller = useQuery({ ...operation('getGroupCallerRoles', { params: { groupId } }), enabled: inGroup }).data
  const member = useQuery({
    ...operation('getOrgUser', { params: { orgId, userId } }),
    enabled: !inGroup && orgId !== '' && userId !== '',
  }).data
  return (id) => {
    const { access } = routes[id]
    if (access.kind === 'anyOrg') return orgReason(access, inGroup ? caller?.orgRoles : member?.roles.orgRoles)
    if (inGroup)
      return caller === undefined || caller.operations.includes(id)
        ? undefined
        : roleReason(access, caller.mayAddThemselves)
    return orgReason(access, member?.roles.orgRoles)
  }
}

/** `held`: roles in the organization; undefined while they are not known. */
const orgReason = (access: Access, held: readonly string[] | undefined): string | undefined =>
  held === undefined || allowsInOrg(access, held) ? undefined : roleReason(access, false)

interface MayButtonProps
  extends Pick<ComponentProps<typeof Button>, 'variant' | 'size' | 'leftGlyph' | 'aria-label' | 'type' | 'isLoading'> {
  readonly operation: OperationId
  /** None: a form's own button. */
  readonly onClick?: () => void
  /** Another reason than a role, why it cannot be done now. */
  readonly blocked?: string | undefined
  readonly children: string
}

export function MayButton({ operation, onClick, blocked, isLoading = false, children, ...looks }: MayButtonProps) {
  const reason = useMayNot()(operation) ?? blocked
  if (reason === undefined)
    return (
      <Button {...looks} {...working(isLoading, children)} {...(onClick && { onClick })}>
        {children}
      </Button>
    )
  return (
    <Tooltip
      trigger={
        <Button {...looks} disabled aria-description={reason}>
          {children}
        </Button>
      }
    >
      {reason}
    </Tooltip>
  )
}
