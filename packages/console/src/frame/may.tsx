// What one's role may not do is there, disabled, with the reason. The server decides, for every call; this only explains.

import Button from '@leafygreen-ui/button'
import { Tooltip } from '@leafygreen-ui/tooltip'
import type { OperationId } from '@postern/contract/routes'
import { routes } from '@postern/contract/routes'
import type { ComponentProps, ReactNode } from 'react'
import { useOperation } from '../api/operation.ts'
import { useGroupId } from './place.ts'
import { roleReason } from './role-reason.ts'

/** Why the caller may not do it on this project; undefined where they may, or where it is not known yet. */
export const useMayNot = (): ((operation: OperationId) => string | undefined) => {
  const groupId = useGroupId()
  const caller = useOperation('getGroupCallerRoles', { params: { groupId } }).data
  return (operation) =>
    caller === undefined || caller.operations.includes(operation)
      ? undefined
      : roleReason(routes[operation].access, caller.mayAddThemselves)
}

interface MayButtonProps extends Pick<ComponentProps<typeof Button>, 'variant' | 'size' | 'leftGlyph' | 'aria-label'> {
  readonly operation: OperationId
  readonly onClick: () => void
  /** Another reason than a role, why it cannot be done now. */
  readonly blocked?: string | undefined
  readonly children: ReactNode
}

export function MayButton({ operation, onClick, blocked, children, ...looks }: MayButtonProps) {
  const reason = useMayNot()(operation) ?? blocked
  if (reason === undefined)
    return (
      <Button {...looks} onClick={onClick}>
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
