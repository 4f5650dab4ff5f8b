// Whether the user was let in. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import type { RoadFacts } from './judge-road.ts'

export const authentication = ({ road, signIn }: RoadFacts): Finding => {
  switch (signIn.outcome) {
    case 'IN':
      return finding('authentication', 'OK', 'The deployment lets the user in.')
    case 'NOT_TRIED':
      return finding('authentication', 'NOT_APPLICABLE', 'The string names no user.')
    case 'REFUSED':
      return finding(
        'authentication',
        'FAILED',
        `The deployment refused user ${road.username ?? ''} of ${road.authSource}.`,
        {
          why: 'The password is wrong, the user does not exist there, or authSource names another database.',
          whatToDo: 'Correct the string, or give the user a new password.',
          command: `postern dbusers describe ${quoted(road.username ?? '')}`,
        },
      )
    case 'NO_ANSWER':
      return finding(
        'authentication',
        'COULD_NOT_TELL',
        `The driver came to no member that would say (${signIn.error}).`,
      )
  }
}
