// People: their accounts, and their places in organizations and groups.

import type { Handlers } from '../../http/handler.ts'
import type { PasswordGate } from '../../identity/password-gate.ts'
import type { Parts } from '../../parts.ts'
import { accountHandlers } from './accounts.ts'
import { groupUserHandlers } from './group-users.ts'
import { orgUserHandlers } from './org-users.ts'

type Operation =
  | keyof ReturnType<typeof accountHandlers>
  | keyof ReturnType<typeof orgUserHandlers>
  | keyof ReturnType<typeof groupUserHandlers>

export const userHandlers = (parts: Parts, passwords: PasswordGate): Handlers<Operation> => ({
  ...accountHandlers(parts, passwords),
  ...orgUserHandlers(parts),
  ...groupUserHandlers(parts),
})
