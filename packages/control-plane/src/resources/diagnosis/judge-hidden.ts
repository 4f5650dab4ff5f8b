// Whether a registered deployment may have hidden members that nobody told of. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import type { Facts } from './facts.ts'

const id = 'hidden-members'
const right = 'read the configuration of its set'

/** A right that was taken away comes before an answer that did not come, and that before a right that nobody was ever given. */
export const hiddenMembers = ({ hiddenUnknown }: Pick<Facts, 'hiddenUnknown'>): Finding => {
  for (const { clusterName, why, asks } of hiddenUnknown) {
    if (why !== 'NOT_TOLD' || asks === null) continue
    const { user, source } = asks
    return finding(
      id,
      'WARNING',
      `User ${user} may no longer ${right} at ${clusterName}, or its password was changed.`,
      {
        why: 'Members that were added as hidden are told by that alone; one that was hidden since is known while it answers.',
        whatToDo: `On the deployment: db.getSiblingDB(${JSON.stringify(source)}).grantRolesToUser(${JSON.stringify(user)}, [{ role: 'clusterMonitor', db: 'admin' }]), or put its password back. It is asked again each minute.`,
      },
    )
  }
  const unread = hiddenUnknown.find(({ why }) => why === 'UNREAD')
  if (unread !== undefined) {
    return finding(
      id,
      'COULD_NOT_TELL',
      `The configuration of the set ${unread.clusterName} could not be read just now.`,
      {
        whatToDo: 'Look again; until it was read, no member is taken for gone.',
      },
    )
  }
  const [never] = hiddenUnknown
  if (never === undefined) return finding(id, 'OK', 'No registered deployment has members that nobody told of.')
  return finding(
    id,
    'OK',
    `Nobody was given who may ${right} at ${never.clusterName}: its hidden members are not known.`,
    {
      why: 'No connection string names them, so applications miss nothing.',
      whatToDo: 'To see them here, register it with a user who has the role clusterMonitor.',
    },
  )
}
